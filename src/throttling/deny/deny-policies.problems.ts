import type { ConditionType } from '../../domain/deny-rules.js';
import { AlreadyExists, BadRequest, NotFound, type Problem, problem } from '../../domain/problem.js';

export const DenyPolicyNotFound = NotFound('Block Condition');
export const FilterUnreadable = problem(400, 900254, 'Block conditions retrieval error', 'Provided query parameters are not valid');
export const ApiContextUnknown = problem(400, 900977, 'Block Condition Error', 'API Context does not exist');
export const ApplicationUnknown = problem(400, 900978, 'Block Condition Error', 'Application ID or Name does not exist');

/** As error-codes.md §7 has it for throttling policies: 900979 is declared and never sent. */
export const DenyPolicyExists = (type: ConditionType, value: string): Problem =>
  AlreadyExists(`A black list item with type: ${type}, value: ${value} already exists`);

export const AddressInvalid = (address: string): Problem => BadRequest(`${address} is an invalid ip address format`);
export const RangeAddressInvalid = (address: string): Problem =>
  BadRequest(`${address} is an invalid ip address format. Condition type: IPRANGE`);
export const RangeReversed = (first: string, last: string): Problem =>
  BadRequest(`The range begins at ${first}, which comes after its end ${last}. Condition type: IPRANGE`);
export const RangeMixed = (first: string, last: string): Problem =>
  BadRequest(`${first} and ${last} are addresses of different IP versions. Condition type: IPRANGE`);
export const ForeignUser = (organization: string): Problem => BadRequest(`Invalid User in Tenant Domain ${organization}`);
/** The product answers 500. */
export const ValueUnreadable = problem(
  400,
  900256,
  'Error while retrieving Block Conditions',
  'Invalid format for condition values. Condition type: %s',
);
