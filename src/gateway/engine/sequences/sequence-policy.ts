import type { AttachedPolicyDocument } from '../../../domain/gateway-documents.js';
import type { AnswerStep, BodyUse, BuiltInPolicy, MediationDeps, Parameters } from '../mediation/flows.js';
import { readRequestBody } from '../mediation/request-body.js';
import type { Policy } from '../pipeline.js';
import { Refusal } from '../refusal.js';
import { javascriptPolicy, type Scripts } from '../scripts/script.js';
import { type CompiledSequence, compileSequence } from './compile-sequence.js';
import { messageOf } from './exchange-message.js';
import type { SequenceDeps } from './sequence-deps.js';
import { answerOf, answerOutcome, faultOutcome, requestOutcome, settled } from './sequence-outcomes.js';
import { parseTemplate } from './template.js';
import { type SecretParameters, withoutQuotingSecrets } from './unquoted-secrets.js';

/** A policy that a user has written, made ready for one attachment. */
export interface UserPolicy extends BuiltInPolicy {
  /** Whether it may send the request elsewhere. */
  readonly sends: boolean;
}

/** Makes a policy ready from its definition and the attachment's parameters. Throws an `Error` that says what is wrong with them. */
export const userPolicy = (
  { definition = '', language = 'sequence', ...given }: Pick<AttachedPolicyDocument, 'definition' | 'language'> & SecretParameters,
  deps: MediationDeps,
): UserPolicy => {
  const { sequences } = deps;
  const written =
    language === 'javascript'
      ? scripted(definition, given.parameters, sequences.scripts)
      : withoutQuotingSecrets(given, (parameters) => rendered(definition, parameters, sequences));
  const compiled = withHidden(written, secretTexts(given.parameters, given.secrets ?? []));
  const bodyUse = bodyUseOf(compiled);
  return {
    sends: compiled.sends,
    requestBody: bodyUse,
    responseBody: bodyUse,
    request: () => requestStep(compiled, sequences),
    response: () => answerStep(compiled, sequences),
    fault: () => (answer, exchange) => {
      const message = messageOf(exchange, sequences);
      message.enterFault(answer);
      return settled(message, compiled.run, (outcome) => faultOutcome(message, answer, outcome));
    },
  };
};

const secretTexts = (parameters: Parameters, names: readonly string[]): readonly string[] =>
  names.map((name) => String(parameters[name] ?? '')).filter((text) => text !== '');

/** Keeps secret parameters out of the lines that policies write, from the first policy that knows them on. */
const withHidden = (compiled: CompiledSequence, hidden: readonly string[]): CompiledSequence => {
  if (hidden.length === 0) return compiled;
  const run: CompiledSequence['run'] = (message) => {
    message.hide(hidden);
    return compiled.run(message);
  };
  return { ...compiled, run };
};

const rendered = (definition: string, parameters: Parameters, { scripts, assertionOf }: SequenceDeps): CompiledSequence =>
  compileSequence(parseTemplate(definition).render(parameters), { carrier: 'policy', scripts, hasBackendJwts: assertionOf !== null });

const scripted = (source: string, parameters: Parameters, scripts: Scripts): CompiledSequence => ({
  usesPayload: true,
  usesLength: false,
  sends: false,
  run: javascriptPolicy(scripts, source, parameters),
});

const bodyUseOf = ({ usesPayload, usesLength }: CompiledSequence): BodyUse => (usesPayload ? 'whole' : usesLength ? 'length' : 'none');

/** Runs a sequence over a request on its way to the backend. */
export const requestStep =
  ({ run }: CompiledSequence, deps: SequenceDeps): Policy =>
  (exchange) => {
    const message = messageOf(exchange, deps);
    message.enterRequest();
    return settled(message, run, (outcome) => requestOutcome(message, outcome));
  };

/** Runs a sequence over an answer on its way to the client. */
export const answerStep =
  ({ run }: CompiledSequence, deps: SequenceDeps): AnswerStep =>
  (answer, exchange) => {
    const message = messageOf(exchange, deps);
    message.enterAnswer(answer);
    return settled(message, run, (outcome) => answerOutcome(message, outcome));
  };

/**
 * A sequence in place of an endpoint (`reference/mediation.md` §1): it answers by itself, at its end at the latest, and the API's response policies run over
 * the answer; only where it sends the request on does the exchange get a destination.
 */
export const sequenceBackend = (text: string, deps: SequenceDeps): Policy => {
  const compiled = compileSequence(text, { carrier: 'backend', scripts: deps.scripts, hasBackendJwts: deps.assertionOf !== null });
  // What it answers at its end is its payload, which is the request's where it has made none.
  const read = readRequestBody('whole', deps.mediatedBodyBytesMax);
  const run: Policy = (exchange) => {
    const message = messageOf(exchange, deps);
    message.enterRequest();
    return settled(message, compiled.run, (outcome) =>
      outcome === 'continue' ? answerOf(message, true) : requestOutcome(message, outcome),
    );
  };
  return (exchange) => {
    const outcome = read(exchange);
    if (outcome instanceof Promise) return outcome.then((refusal) => refusal ?? run(exchange));
    return outcome instanceof Refusal ? outcome : run(exchange);
  };
};
