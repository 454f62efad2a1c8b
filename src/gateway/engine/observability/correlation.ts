import { randomBytes } from 'node:crypto';

/** The header in which correlation ids travel (`reference/gateway.md` §14). */
export const CORRELATION_HEADER = 'activityid';

const SANE = /^[\w.:/+=@-]{1,128}$/;

/** Whether an id from outside may be repeated in answers and logs as it is. */
export const isCorrelationId = (value: string): boolean => SANE.test(value);

const PREFIX_BYTES = 9;

/** Ids of one worker: a random prefix and a count, so that making one costs next to nothing. They are names, not secrets. */
export const correlationIds = (): (() => string) => {
  const prefix = randomBytes(PREFIX_BYTES).toString('base64url');
  let count = 0;
  return () => {
    count += 1;
    return `${prefix}-${count.toString(36)}`;
  };
};
