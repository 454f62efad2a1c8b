import type { AttachedPolicyDocument, PolicyFlowsDocument } from '../../../domain/gateway-documents.js';
import type { Exchange } from '../exchange.js';
import { named } from '../observability/step-names.js';
import type { Policy } from '../pipeline.js';
import type { Refusal } from '../refusal.js';
import type { SequenceDeps } from '../sequences/sequence-deps.js';
import { type UserPolicy, userPolicy } from '../sequences/sequence-policy.js';
import { BUILT_IN } from './built-in.js';
import type { MediationLog } from './mediation-log.js';
import type { Natives } from './natives.js';
import { NOT_RUN } from './not-run.js';
import { readRequestBody } from './request-body.js';

/** An answer on its way to the client: the backend's in the response flow, the gateway's own in the fault flow. */
export interface Answer {
  status: number;
  /** Names and values in turn. */
  headers: string[];
  /** Null while the body streams past. */
  body: Buffer | null;
}

/**
 * One policy of a response or fault flow; a refusal is answered in place of the answer. `'done'` ends the flow. A promise only where something must be
 * waited for.
 */
export type AnswerStep = (answer: Answer, exchange: Exchange) => Refusal | 'done' | undefined | Promise<Refusal | 'done' | undefined>;

/** What a policy wants of a body: nothing, its length, or all of it. */
export type BodyUse = 'none' | 'length' | 'whole';

export interface AnswerFlow {
  readonly steps: readonly AnswerStep[];
  readonly body: BodyUse;
}

/** The policies of one operation, the API's before its own. A flow without policies is null. */
export interface Mediation {
  readonly request: readonly Policy[];
  readonly response: AnswerFlow | null;
  readonly fault: AnswerFlow | null;
  /** A larger body of an answer is a fault, where all of it is wanted. */
  readonly bodyBytesMax: number;
  /** Whether a policy may send the request elsewhere. */
  readonly sends: boolean;
}

/** The parameters of one attachment, as the publisher checked and stored them. */
export type Parameters = AttachedPolicyDocument['parameters'];

/** What a policy is made with. */
export interface MediationDeps {
  readonly log: MediationLog;
  readonly mediatedBodyBytesMax: number;
  /** Policies that users have written, compiled for the same API before. */
  readonly compiled?: Map<AttachedPolicyDocument, UserPolicy>;
  /** For the policies that users write. */
  readonly sequences: SequenceDeps;
  readonly natives: Natives;
}

/**
 * A policy that the gateway has built in. Made ready when the API is deployed; making it throws an `Error` that says which parameter is wrong. A flow
 * that it is not for is left out.
 */
export interface BuiltInPolicy {
  readonly requestBody?: BodyUse;
  readonly responseBody?: BodyUse;
  request?(parameters: Parameters, deps: MediationDeps): Policy;
  response?(parameters: Parameters, deps: MediationDeps): AnswerStep;
  fault?(parameters: Parameters, deps: MediationDeps): AnswerStep;
}

/**
 * Makes the policies of an operation ready to run; null when it has none. Throws an `Error` for one that the gateway cannot run: an API is not served
 * without a policy that its publisher counts on (`reference/mediation.md` §9.2).
 */
export const linkMediation = (
  ofApi: PolicyFlowsDocument | undefined,
  ofOperation: PolicyFlowsDocument | undefined,
  deps: MediationDeps,
): Mediation | null => {
  if (ofApi === undefined && ofOperation === undefined) return null;
  const attached = (flow: keyof PolicyFlowsDocument) => [...(ofApi?.[flow] ?? []), ...(ofOperation?.[flow] ?? [])];
  const response = linkAnswerFlow(attached('response'), 'response', deps);
  return {
    ...linkRequestFlow(attached('request'), response, deps),
    response,
    fault: linkAnswerFlow(attached('fault'), 'fault', deps),
    bodyBytesMax: deps.mediatedBodyBytesMax,
  };
};

const linkRequestFlow = (
  attached: readonly AttachedPolicyDocument[],
  response: AnswerFlow | null,
  deps: MediationDeps,
): Pick<Mediation, 'request' | 'sends'> => {
  // A body that is to be read has to come as it is.
  const steps: Policy[] = response?.body === 'whole' ? [withoutEncodings] : [];
  let known: BodyUse = 'none';
  let sends = false;
  const push = (step: Policy) => steps.push(sends ? unlessSent(step) : step);
  for (const policy of attached) {
    const builtIn = policyOf(policy, deps);
    const make = builtIn.request;
    if (make === undefined) throw new Error(`the policy '${policy.name}' is not for the request flow`);
    const use = builtIn.requestBody ?? 'none';
    if (RANK[use] > RANK[known]) {
      push(named('request-body', readRequestBody(use, deps.mediatedBodyBytesMax)));
      known = use;
    }
    push(
      named(
        `policy:${policy.name}`,
        made(policy, () => make(policy.parameters, deps)),
      ),
    );
    if ('sends' in builtIn && builtIn.sends) sends = true;
  }
  return { request: steps, sends };
};

/** A request that a policy has sent somewhere passes no more of them (`reference/mediation.md` §2.3). */
const unlessSent = (step: Policy): Policy => named(step.name, (exchange) => (exchange.destination === null ? step(exchange) : undefined));

const linkAnswerFlow = (
  attached: readonly AttachedPolicyDocument[],
  flow: 'response' | 'fault',
  deps: MediationDeps,
): AnswerFlow | null => {
  if (attached.length === 0) return null;
  let body: BodyUse = 'none';
  const steps = attached.map((policy) => {
    const builtIn = policyOf(policy, deps);
    const make = builtIn[flow];
    if (make === undefined) throw new Error(`the policy '${policy.name}' is not for the ${flow} flow`);
    const use = builtIn.responseBody ?? 'none';
    if (RANK[use] > RANK[body]) body = use;
    return named(
      `${flow}-policy:${policy.name}`,
      made(policy, () => make(policy.parameters, deps)),
    );
  });
  return { steps, body };
};

const RANK: Readonly<Record<BodyUse, number>> = { none: 0, length: 1, whole: 2 };

const policyOf = (policy: AttachedPolicyDocument, deps: MediationDeps): BuiltInPolicy | UserPolicy => {
  const { name, version, isBuiltIn, definition } = policy;
  if (!isBuiltIn && definition !== undefined) return writtenPolicy(policy, deps);
  const builtIn = isBuiltIn ? BUILT_IN.get(`${name} ${version}`) : undefined;
  if (builtIn === undefined) {
    const reason = NOT_RUN.get(`${name} ${version}`);
    throw new Error(`the gateway cannot run the policy '${name}' ${version}${reason === undefined ? '' : `: ${reason}`}`);
  }
  return builtIn;
};

/** Compiled once, however often an API has it attached. */
const writtenPolicy = (policy: AttachedPolicyDocument, deps: MediationDeps): UserPolicy => {
  const known = deps.compiled?.get(policy);
  if (known !== undefined) return known;
  const compiled = made(policy, () => userPolicy(policy, deps));
  deps.compiled?.set(policy, compiled);
  return compiled;
};

const made = <T>({ name }: AttachedPolicyDocument, make: () => T): T => {
  try {
    return make();
  } catch (err) {
    throw new Error(`the policy '${name}': ${err instanceof Error ? err.message : String(err)}`);
  }
};

/** An answer that is looked into has to come as it is. */
export const withoutEncodings: Policy = named('accept-encoding', ({ outbound }) => {
  for (let i = outbound.length - 2; i >= 0; i -= 2) if (outbound[i]?.toLowerCase() === 'accept-encoding') outbound.splice(i, 2);
  return undefined;
});
