import { problem } from '../../domain/problem.js';

/** Codes are shown with the prefix `TM-`; every refusal is 400 (`reference/identity.md` §2). */
const refusal = (code: number, message: string, description: string) => problem(400, code, message, description);

export const EmailEmpty = refusal(60_000, 'Empty email.', 'Provided email is empty.');
export const EmailIllegalCharacters = refusal(60_001, 'Invalid email is provided.', 'The email %s contains illegal characters.');
export const EmailInvalid = refusal(60_002, 'Invalid email is provided.', 'The email %s is not of the form name@domain.tld.');
export const DomainEmpty = refusal(60_004, 'Empty tenant domain.', 'Provided domain name is empty.');
export const DomainWithoutExtension = refusal(
  60_005,
  'Invalid tenant domain.',
  'The tenant domain %s needs an extension, as in example.com.',
);
export const DomainStartsWithDot = refusal(60_006, 'Invalid tenant domain.', "The tenant domain %s must not start with '.'.");
export const DomainIllegalCharacters = refusal(
  60_007,
  'Invalid tenant domain.',
  'The tenant domain %s contains one or more illegal characters. The valid characters are lower case letters, digits, ., - and _.',
);
export const DomainExists = refusal(60_009, 'Tenant domain already exists.', 'A tenant with the domain %s exists already.');
export const LimitNegative = refusal(60_010, 'Invalid limit.', 'The limit must be a whole number that is not negative.');
export const OffsetNegative = refusal(60_011, 'Invalid offset.', 'The offset must be a whole number that is not negative.');
export const OwnerMissing = refusal(60_012, 'Owner missing.', 'A tenant needs exactly one owner.');
export const ParameterMissing = refusal(60_013, 'Required parameter missing.', 'The parameter %s is required.');
export const TenantUnknown = refusal(60_014, 'Tenant not found.', 'There is no tenant with the id %s.');
export const DomainUnknown = refusal(60_015, 'Tenant not found.', 'There is no tenant with the domain %s.');
export const DeletionOff = refusal(60_016, 'Deletion is not enabled.', 'The metadata of tenants cannot be deleted in this server.');
export const OwnerUnknown = refusal(60_020, 'Owner not found.', 'The tenant has no owner with the id %s.');
export const FilterMalformed = refusal(400, 'Invalid filter.', 'A filter has the form: domainName <sw|ew|co|eq> value.');
export const FilterAttributeUnknown = refusal(400, 'Invalid filter.', 'Tenants cannot be filtered by %s.');
export const FilterOperationUnknown = refusal(400, 'Invalid filter.', 'The filter operation %s is not one of sw, ew, co and eq.');
