import { type Actor, expected } from './actor.js';
import { unique } from './unique.js';

/** An organization inside the administrator's tenant. */
export interface ConsumerOrganization {
  /** What APIs name. */
  readonly organizationId: string;
  /** What the claim of its members holds. */
  readonly externalOrganizationId: string;
}

/** A new consumer organization in the administrator's tenant. */
export const consumerOrganization = async (by: Actor): Promise<ConsumerOrganization> => {
  const externalOrganizationId = unique('ext');
  const body = { externalOrganizationId, displayName: `Organization ${externalOrganizationId}`, description: 'Made by a test' };
  return expected(await by.admin<ConsumerOrganization>('POST /organizations', { body }), 201);
};

interface Users {
  readonly Resources: readonly { readonly id: string }[];
}

/** Writes the external id of an organization into the person's claim. */
export const join = (by: Actor, person: Actor, externalId: string): Promise<void> =>
  setAttribute(by, person, 'urn:scim:schemas:extension:custom:User:organizationId', externalId);

/** Writes the groups, separated by commas, with which applications can be shared into the person's claim. */
export const joinGroups = (by: Actor, person: Actor, groups: string): Promise<void> =>
  setAttribute(by, person, 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:organization', groups);

const setAttribute = async (by: Actor, person: Actor, path: string, value: string): Promise<void> => {
  const name = person.username.split('@')[0] ?? '';
  const { Resources } = expected(await by.scim<Users>('GET /Users', { query: { filter: `userName eq ${name}` } }), 200);
  const body = { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: [{ op: 'replace', path, value }] };
  expected(await by.scim('PATCH /Users/{id}', { path: { id: Resources[0]?.id ?? '' }, body }), 200);
};
