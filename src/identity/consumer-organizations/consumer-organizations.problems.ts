import { AlreadyExists, BadRequest, problem } from '../../domain/problem.js';

export const ConsumerOrganizationNotFound = problem(404, 901301, 'Organization Not Found', 'Organization Not Found');
/** The entry is another tenant's. */
export const ForeignConsumerOrganization = problem(403, 901302, 'Organization Not Found', 'User does not belong to any organization');
export const ConsumerOrganizationExists = (externalId: string) =>
  AlreadyExists(`An organization with the external id '${externalId}' already exists`);
/** Characters of an external id: as many as of a name, whose place it takes where there is none. */
export const EXTERNAL_ID_MAX = 255;
export const ExternalIdTooLong = () =>
  BadRequest(`The external id of an organization must not be longer than ${EXTERNAL_ID_MAX} characters.`);
export const ExternalIdBlank = () => BadRequest('The external id of an organization must not be blank.');
