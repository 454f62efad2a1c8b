import { verifyInternalKey } from '../credentials/internal-key.js';
import type { Signatures } from '../credentials/signatures.js';
import type { Exchange } from '../exchange.js';
import type { LinkedApi } from '../link.js';
import type { Snapshot } from '../snapshot.js';
import { type RecordedStep, Recorder } from './recorder.js';

/** The answer's header with the explanation. */
export const EXPLANATION_HEADER = 'X-Gateway-Explanation';
const EXPLANATION_BYTES_MAX = 4_096;
const TYPE = 'gateway-explanation+jwt';
/** For so long the key that signed an explanation stays known. */
const KNOWN_SECONDS = 3_600;
const A_SECOND_MAX = 50;
const NAME_MAX = 60;
/** Of a JWS besides its payload: the header and a signature of RS256 with a key of 4096 bits. */
const ENVELOPE_BYTES = 900;
const OTHER_MEMBERS_BYTES = 700;

/** Tells publishers why a request was answered as it was, when they show a test key of the API with it. */
export class Explainer {
  private second = 0;
  private inSecond = 0;

  constructor(
    private readonly snapshot: Snapshot,
    private readonly signatures: Signatures,
  ) {}

  /** Has the request's steps noted, if the key presented in `X-Gateway-Explain` opens the API; otherwise the header means nothing. */
  begin(exchange: Exchange, api: LinkedApi, presented: string): void {
    const keyManager = this.snapshot.residentKeyManager(api.organization);
    const key = keyManager && verifyInternalKey(presented, keyManager, exchange.now);
    if (!key?.apiIds.includes(api.document.apiId) || this.snapshot.isRevoked(key.token) || !this.mayGo(exchange.now)) return;
    exchange.recorder ??= new Recorder();
    exchange.recorder.isToBeExplained = true;
  }

  /** Makes the explanation of what happened so far; without one the answer goes out as it is. Never rejects. */
  async explain(exchange: Exchange, recorder: Recorder): Promise<void> {
    recorder.isToBeExplained = false;
    const { api } = exchange;
    if (api === null) return;
    const seconds = Math.floor(exchange.now / 1_000);
    const { name, version } = api.document;
    const payload = {
      iat: seconds,
      api: name.slice(0, NAME_MAX),
      version: version.slice(0, NAME_MAX),
      method: (exchange.request.method ?? '').slice(0, NAME_MAX),
      resource: exchange.operation?.target.slice(0, 4 * NAME_MAX) ?? null,
      steps: stepsThatFit(recorder.steps),
    };
    recorder.explanation = await this.signatures.sign({
      organization: api.organization,
      header: { typ: TYPE },
      payload,
      knownUntil: seconds + KNOWN_SECONDS,
    });
  }

  private mayGo(now: number): boolean {
    const second = Math.floor(now / 1_000);
    if (second !== this.second) {
      this.second = second;
      this.inSecond = 0;
    }
    this.inSecond += 1;
    return this.inSecond <= A_SECOND_MAX;
  }
}

type Told = readonly [step: string, decision: string, microseconds: number];

/** The steps in their order; of too many the middle is left out, as the first and the last ones say most. */
const stepsThatFit = (steps: readonly RecordedStep[]): readonly Told[] => {
  const told = steps.map(
    ({ name, decision, startedAt, endedAt }): Told => [
      name.slice(0, NAME_MAX),
      decision.slice(0, NAME_MAX),
      Math.round((endedAt - startedAt) * 1_000),
    ],
  );
  // Base64url makes four characters of three bytes; what is not the steps' is for the members beside them.
  const bytesMax = ((EXPLANATION_BYTES_MAX - ENVELOPE_BYTES) * 3) / 4 - OTHER_MEMBERS_BYTES;
  let kept = told.length;
  let fitting = told;
  while (kept > 2 && Buffer.byteLength(JSON.stringify(fitting)) > bytesMax) {
    kept -= 1;
    const first = Math.ceil(kept / 2);
    fitting = [...told.slice(0, first), [`${told.length - kept} left out`, '', 0], ...told.slice(told.length - kept + first)];
  }
  return fitting;
};
