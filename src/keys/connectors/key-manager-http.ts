import { Injectable } from '@nestjs/common';
import { Log } from '../../platform/logging/log.js';
import { Outbound, OutboundError, type OutboundRequest } from '../../platform/outbound/outbound.js';
import type { ConnectedKeyManager } from './connector.js';
import { KeyManagerUnreachable, RefusedByKeyManager } from './connector.problems.js';

const ANSWER_BYTES_MAX = 262_144;
const WORDS_MAX = 500;
const DEPTH_MAX = 20;

/** What a key manager answered. */
export interface KeyManagerAnswer {
  readonly status: number;
  /** Empty where the answer had no JSON object, or one that cannot be kept. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** HTTP with key managers: bounded in time and size, and with failures in the words of the other side. */
@Injectable()
export class KeyManagerHttp {
  constructor(
    private readonly outbound: Outbound,
    private readonly log: Log,
  ) {}

  /** The answer, whatever its status. @throws KeyManagerUnreachable (409). */
  async ask({ organization, name }: ConnectedKeyManager, address: string, request: OutboundRequest): Promise<KeyManagerAnswer> {
    if (address === '') throw KeyManagerUnreachable(`The key manager ${name} has no address for this`);
    try {
      const headers = { accept: 'application/json', ...request.headers };
      const { status, body } = await this.outbound.send(address, { ...request, headers }, ANSWER_BYTES_MAX);
      return { status, body: objectIn(body.toString()) };
    } catch (err) {
      if (!(err instanceof OutboundError)) throw err;
      // The address is for administrators alone.
      this.log.warn({ organization, keyManager: name, reason: err.message }, 'a key manager cannot be reached');
      throw KeyManagerUnreachable(`The key manager ${name} cannot be reached`);
    }
  }

  /** The body of a success. @throws KeyManagerUnreachable (409), RefusedByKeyManager (400). */
  async send(keyManager: ConnectedKeyManager, address: string, request: OutboundRequest): Promise<KeyManagerAnswer['body']> {
    const answer = await this.ask(keyManager, address, request);
    if (answer.status >= 300) throw refusalOf(keyManager, answer);
    return answer.body;
  }
}

/** What a refusal says. */
export const refusalOf = ({ name }: Pick<ConnectedKeyManager, 'name'>, { status, body }: KeyManagerAnswer) => {
  const [words] = [body['error_description'], body['detail'], body['message'], body['error']].filter(
    (said) => typeof said === 'string' && said !== '',
  );
  return RefusedByKeyManager(`The key manager ${name} answered ${status}${words ? `: ${String(words).slice(0, WORDS_MAX)}` : ''}`);
};

const objectIn = (json: string): KeyManagerAnswer['body'] => {
  try {
    const value: unknown = JSON.parse(json);
    // A JSON object, as just checked; its members are looked at one by one.
    return typeof value === 'object' && value !== null && !Array.isArray(value) && isTame(value, DEPTH_MAX)
      ? (value as KeyManagerAnswer['body'])
      : {};
  } catch {
    return {};
  }
};

/** Whether it can be kept: Postgres has no zero bytes and no half surrogate pairs, and nothing here walks a tower of lists. */
const isTame = (value: unknown, depth: number): boolean => {
  if (typeof value === 'string') return isStorable(value);
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.entries(value).every(([name, member]) => isStorable(name) && isTame(member, depth - 1));
};

const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed();

/** RFC 6749 §2.3.1: both parts are form-encoded before they are joined. */
export const basicCredentials = (id: string, secret: string): string =>
  `Basic ${Buffer.from(`${formEncoded(id)}:${formEncoded(secret)}`).toString('base64')}`;

const formEncoded = (value: string): string => new URLSearchParams([['', value]]).toString().slice(1);
