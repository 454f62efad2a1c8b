import type { QuotaResets } from './quota-resets.js';

export const APPLICATION_STATUSES = ['APPROVED', 'CREATED', 'REJECTED', 'UPDATE_PENDING', 'UPDATE_REJECTED', 'DELETE_PENDING'] as const;
export type ApplicationStatus = (typeof APPLICATION_STATUSES)[number];

export type TokenType = 'OAUTH' | 'JWT';
/** `SHARED_WITH_ORG` shows an application to its owner's consumer organization. */
export type ApplicationVisibility = 'PRIVATE' | 'SHARED_WITH_ORG';

/** A consumer of APIs: it holds keys and subscriptions. */
export interface Application {
  readonly id: string;
  readonly organization: string;
  /** The numeric id of the wire and of throttle keys, see {@link numberOf}. */
  readonly number: number;
  name: string;
  /** User name inside the organization, without the tenant. */
  owner: string;
  status: ApplicationStatus;
  throttlingPolicy: string;
  description: string;
  tokenType: TokenType;
  visibility: ApplicationVisibility;
  /** The external id of the consumer organization it is shared with; empty for none. */
  consumerOrganization: string;
  groups: readonly string[];
  attributes: Readonly<Record<string, string>>;
  quotaResets: QuotaResets;
  readonly createdAt: Date;
  updatedAt: Date;
}

/** What a user's first application is called; it is made when the user first uses the portal (`reference/devportal.md` §5). */
export const DEFAULT_APPLICATION = 'DefaultApplication';

/**
 * The 31-bit number an application is known by where the wire wants a number. It follows from the UUID's first digits, so that no counter has to be
 * shared between sites; 0 is left out, and the database refuses a second one of an organization.
 */
export const numberOf = (id: string): number => Number.parseInt(id.slice(0, 8), 16) & 0x7fff_ffff || 1;

/** Keys and subscriptions are for approved applications only. */
export const isActive = (application: Pick<Application, 'status'>): boolean => application.status === 'APPROVED';

/** Whether it was approved once: the gateways know it, and it goes on as it is whatever is asked for now. */
export const isInUse = ({ status }: Pick<Application, 'status'>): boolean => status !== 'CREATED' && status !== 'REJECTED';

/** Why an application may not be changed now: a change is waiting for approval, or it is not in use. */
export const editObstacle = (application: Pick<Application, 'status'>): 'update pending' | 'not active' | undefined => {
  if (application.status === 'UPDATE_PENDING') return 'update pending';
  return application.status === 'APPROVED' || application.status === 'UPDATE_REJECTED' ? undefined : 'not active';
};

/** A name's first and last characters are not blank. */
export const isTrimmed = (name: string): boolean => name.trim() === name;

/** What an installation asks of its applications beyond their name (`[[apim.devportal.application_attributes]]`). */
export interface ApplicationAttribute {
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
  readonly hidden: boolean;
  readonly type: string;
  readonly tooltip: string;
  readonly default: string;
}

/** The attributes to store: unknown ones are dropped, left-out ones take their default, which is empty unless configured. */
export const storedAttributes = (
  sent: Readonly<Record<string, string>>,
  declared: readonly Pick<ApplicationAttribute, 'name' | 'default'>[],
): Record<string, string> => Object.fromEntries(declared.map((attribute) => [attribute.name, sent[attribute.name] ?? attribute.default]));

/** Names of the required attributes that would stay without a value. */
export const missingAttributes = (
  stored: Readonly<Record<string, string>>,
  declared: readonly Pick<ApplicationAttribute, 'name' | 'required'>[],
): readonly string[] => declared.filter(({ name, required }) => required && (stored[name] ?? '').trim() === '').map(({ name }) => name);
