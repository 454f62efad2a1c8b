import { createHmac, timingSafeEqual } from 'node:crypto';

/** How old a signed callback may be, in seconds. */
const AGE_MAX = 300;
const FORM = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/;

export const SIGNATURE_HEADER = 'X-Gatehouse-Signature';

/** `t=<seconds since the epoch>,v1=<HMAC-SHA256 in hex>` over the time, a dot and the text. */
export const signatureOf = (text: string, secret: string, nowMs: number): string => {
  const time = String(Math.floor(nowMs / 1_000));
  return `t=${time},v1=${digestOf(time, text, secret).toString('hex')}`;
};

/** Whether the header signs the text with the secret, and was made a short while ago. */
export const isSigned = (header: string, text: string, secret: string, nowMs: number): boolean => {
  const [, time, hex] = FORM.exec(header) ?? [];
  if (time === undefined || hex === undefined || Math.abs(nowMs / 1_000 - Number(time)) > AGE_MAX) return false;
  return timingSafeEqual(Buffer.from(hex, 'hex'), digestOf(time, text, secret));
};

const digestOf = (time: string, text: string, secret: string): Buffer => createHmac('sha256', secret).update(`${time}.${text}`).digest();
