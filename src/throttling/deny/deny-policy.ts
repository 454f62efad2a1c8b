import type { ConditionType } from '../../domain/deny-rules.js';

/** One address, or with `invert` all but it. */
export interface FixedAddress {
  readonly fixedIp: string;
  readonly invert: boolean;
}

/** The addresses from one to another, both included, or with `invert` all but these. */
export interface AddressRange {
  readonly startingIp: string;
  readonly endingIp: string;
  readonly invert: boolean;
}

/** What a condition is about, as the wire shows it (`reference/admin.md` §3). */
export type ConditionValue = string | FixedAddress | AddressRange;

/** What must not reach the APIs of a tenant; the wire calls it a blocking condition. */
export interface DenyPolicy {
  readonly id: string;
  readonly organization: string;
  readonly type: ConditionType;
  readonly value: ConditionValue;
  /** The value in one spelling: of two policies with the same one of a type there is but one. */
  readonly subject: string;
  /** Whether it is in force. */
  readonly active: boolean;
  readonly createdAt: Date;
}
