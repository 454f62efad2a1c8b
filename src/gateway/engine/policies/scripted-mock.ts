import type { Exchange } from '../exchange.js';
import type { MediationLog } from '../mediation/mediation-log.js';
import type { Policy } from '../pipeline.js';
import { type Refusal, Reply, ScriptFailed } from '../refusal.js';
import { MockMessage, sendable } from '../scripts/mock-message.js';
import type { Scripts } from '../scripts/script.js';
import { MediationError, type Outcome } from '../sequences/message.js';

export interface ScriptedMockDeps {
  readonly scripts: Scripts;
  readonly log: MediationLog;
}

/** A status that an answer can end with. */
const STATUS = /^[2-5][0-9][0-9]$/;

/**
 * Answers for a backend that is not there yet by a script that somebody wrote: with the message as the script leaves it, the status in its property
 * `HTTP_SC` (200) and the media type in `CONTENT_TYPE` (`application/xml`) (`reference/gateway.md` §7.3).
 */
export const scriptedMock = (source: string, { scripts, log }: ScriptedMockDeps): Policy => {
  const script = scripts.compile(source);
  return (exchange) => {
    const message = new MockMessage(exchange, log);
    const failed = (err: unknown): Refusal => {
      if (!(err instanceof MediationError)) throw err;
      log.message(`The mock of ${exchange.operation?.target} failed. ${err.message}`, exchange, [], ScriptFailed.status);
      return ScriptFailed;
    };
    try {
      const outcome = script.run(message);
      return outcome instanceof Promise
        ? outcome.then((settled) => answerOf(message, settled, exchange)).catch(failed)
        : answerOf(message, outcome, exchange);
    } catch (err) {
      return failed(err);
    }
  };
};

const answerOf = (message: MockMessage, outcome: Outcome, exchange: Exchange): Refusal => {
  // Nothing is answered (`reference/mediation.md` §2.3).
  if (outcome === 'stop') return new Reply(202, '');
  const asked = String(message.get('default', 'HTTP_SC') ?? message.get('axis2', 'HTTP_SC') ?? '');
  const status = STATUS.test(asked) ? Number(asked) : 200;
  const type = sendable(
    'Content-Type',
    String(message.get('default', 'CONTENT_TYPE') ?? message.get('axis2', 'messageType') ?? 'application/xml'),
  );
  const body = status === 204 || status === 304 || exchange.request.method === 'HEAD' ? '' : message.payload.as(type);
  return new Reply(status, body, message.headers, type);
};
