import { NotFound, problem } from '../../domain/problem.js';

export const EventMalformed = problem(400, 400, 'Bad Request', 'The event is malformed: %s');
export const EventOfOtherTenant = NotFound('tenant');

export const EVENT_TYPES = ['token_revocation', 'consumer_app_revocation_event', 'subject_entity_revocation_event'] as const;

/** What a key manager says has died (`reference/key-manager.md` §2.5). */
export interface TokenEvent {
  readonly type: (typeof EVENT_TYPES)[number];
  /** The token's id, the client's, or the user's. */
  readonly value: string;
  /** When the token would have ended, epoch seconds; undefined when it is not said. */
  readonly expiresAt: number | undefined;
  /** Undefined when none is named. */
  readonly organization: string | undefined;
}

const VALUE_MAX = 2_048;
/** The product counts in milliseconds; nobody's seconds are that many. */
const MILLISECONDS_FROM = 100_000_000_000;
const VALUES = {
  token_revocation: 'accessToken',
  consumer_app_revocation_event: 'consumerKey',
  subject_entity_revocation_event: 'entityId',
} as const;

/** Reads a notification. @throws EventMalformed (400) */
export const tokenEvent = (body: unknown): TokenEvent => {
  const sent: Readonly<Record<string, unknown>> = typeof body === 'object' && body !== null && !Array.isArray(body) ? { ...body } : {};
  const type = EVENT_TYPES.find((known) => known === sent['type']);
  if (!type) throw EventMalformed(`type must be one of ${EVENT_TYPES.join(', ')}`);
  const name = VALUES[type];
  const value = sent[name];
  if (typeof value !== 'string' || value === '' || value.length > VALUE_MAX || value.includes('\0'))
    throw EventMalformed(`${name} is missing`);
  const tenant = sent['tenantDomain'];
  return {
    type,
    value,
    expiresAt: secondsOf(sent['expiryTime']),
    organization: typeof tenant === 'string' && tenant !== '' ? tenant : undefined,
  };
};

const secondsOf = (time: unknown): number | undefined => {
  if (time === undefined || time === null || time === '') return undefined;
  const value = typeof time === 'string' || typeof time === 'number' ? Number(time) : Number.NaN;
  if (!Number.isFinite(value) || value < 0) throw EventMalformed('expiryTime is no time');
  return Math.floor(value >= MILLISECONDS_FROM ? value / 1_000 : value);
};
