import type { OperationDocument } from '../../../domain/gateway-documents.js';
import { type AnswerFlow, type Mediation, withoutEncodings } from '../mediation/flows.js';
import { readRequestBody } from '../mediation/request-body.js';
import { named } from '../observability/step-names.js';
import type { Policy } from '../pipeline.js';
import { compileSequence } from './compile-sequence.js';
import { messageOf } from './exchange-message.js';
import type { SequenceDeps } from './sequence-deps.js';
import { answerStep, requestStep } from './sequence-policy.js';

/** What stands between a resource that speaks JSON and a backend that speaks SOAP. */
export interface Translation {
  /** Makes the SOAP request; runs right before the endpoint is chosen, which is always asked with POST. */
  readonly request: readonly Policy[];
  /** Makes the answer, after the response policies; null leaves it as it is. */
  readonly answer: AnswerFlow | null;
  /** Whether it may send the request elsewhere. */
  readonly sends: boolean;
}

/** Compiles the sequences of a SOAP-to-REST resource (`reference/mediation.md` §1). Throws an `Error` that says what is wrong with them. */
export const linkTranslation = (document: NonNullable<OperationDocument['translation']>, deps: SequenceDeps): Translation => {
  const compiled = (text: string) =>
    compileSequence(text, { carrier: 'resource', scripts: deps.scripts, hasBackendJwts: deps.assertionOf !== null });
  const request = compiled(document.in ?? '');
  const answer = document.out === undefined ? null : compiled(document.out);
  const body = request.usesPayload ? [readRequestBody('whole', deps.mediatedBodyBytesMax)] : [];
  const translate = requestStep(request, deps);
  return {
    request: [
      ...body.map((step) => named('request-body', step)),
      named('translation', (exchange) => {
        messageOf(exchange, deps).set('axis2', 'HTTP_METHOD', 'POST');
        return translate(exchange);
      }),
    ],
    answer: answer && { steps: [named('answer-translation', answerStep(answer, deps))], body: answer.usesPayload ? 'whole' : 'none' },
    sends: request.sends,
  };
};

/** The policies of a resource with its translation behind those of the answer. */
export const withTranslatedAnswer = (
  mediation: Mediation | null,
  translation: Translation | null,
  bodyBytesMax: number,
): Mediation | null => {
  if (translation === null) return mediation;
  const { request = [], response = null, fault = null, sends = false } = mediation ?? {};
  const { answer } = translation;
  const steps = [...(response?.steps ?? []), ...(answer?.steps ?? [])];
  const isWhole = answer?.body === 'whole';
  return {
    request: isWhole && response?.body !== 'whole' ? [withoutEncodings, ...request] : request,
    response: steps.length === 0 ? null : { steps, body: isWhole ? 'whole' : (response?.body ?? 'none') },
    fault,
    bodyBytesMax,
    sends: sends || translation.sends,
  };
};
