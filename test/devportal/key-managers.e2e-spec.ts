import { type Actor, expected } from '../support/actor.js';
import type { Body } from '../support/client.js';
import { consumerOrganization, join } from '../support/consumer-organizations.js';
import { given } from '../support/given.js';
import { unique } from '../support/unique.js';

interface Shown {
  readonly name: string;
  readonly tokenEndpoint: string;
  readonly revokeEndpoint: string;
  readonly additionalProperties: Body;
  readonly applicationConfiguration: readonly { readonly name: string }[];
}

let admin: Actor;
beforeEach(async () => {
  ({ admin } = await given.organization());
});

/** A key manager of the tenant; gives its name. */
const added = async (properties: Body = {}): Promise<string> => {
  const body = { name: unique('Idp'), type: 'CustomKeyManager', ...properties };
  return expected(await admin.admin<Shown>('POST /key-managers', { body }), 201).name;
};
const seenBy = async (person: Actor, headers: Record<string, string> = {}): Promise<readonly Shown[]> =>
  expected(await person.devportal<{ list: readonly Shown[] }>('GET /key-managers', { headers }), 200).list;
const names = async (person: Actor): Promise<readonly string[]> => (await seenBy(person)).map(({ name }) => name);
const developer = () => given.user({ by: admin, roles: ['Internal/subscriber'] });

it('shows a developer the enabled key managers that roles open', async () => {
  const open = await added();
  const allowed = await added({ permissions: { permissionType: 'ALLOW', roles: ['internal/Subscriber'] } });
  const forbidden = await added({ permissions: { permissionType: 'ALLOW', roles: ['Internal/creator'] } });
  const denied = await added({ permissions: { permissionType: 'DENY', roles: ['Internal/subscriber'] } });
  const disabled = await added({ enabled: false });

  const shown = await names(await developer());

  expect(shown).toEqual(expect.arrayContaining([open, allowed]));
  for (const hidden of [forbidden, denied, disabled]) expect(shown).not.toContain(hidden);
});

it('shows the members of an organization what is open to it', async () => {
  const { organizationId, externalOrganizationId } = await consumerOrganization(admin);
  const member = await developer();
  await join(admin, member, externalOrganizationId);
  const stranger = await developer();
  await join(admin, stranger, (await consumerOrganization(admin)).externalOrganizationId);
  const own = await added({ allowedOrganizations: [organizationId] });
  const nobodys = await added({ allowedOrganizations: ['none'] });
  const everybodys = await added({ allowedOrganizations: ['ALL'] });

  const [toMember, toStranger] = [await names(member), await names(stranger)];

  expect(toMember).toEqual(expect.arrayContaining([own, everybodys]));
  expect(toMember).not.toContain(nobodys);
  expect(toStranger).toContain(everybodys);
  expect(toStranger).not.toContain(own);
});

it('shows the addresses that are meant for developers', async () => {
  const endpoints = { tokenEndpoint: 'https://inside.test/t', revokeEndpoint: 'https://inside.test/r' };
  const name = await added({ ...endpoints, displayTokenEndpoint: 'https://outside.test/t', displayRevokeEndpoint: '  ' });

  const shown = (await seenBy(admin)).find((one) => one.name === name);

  expect(shown).toMatchObject({ tokenEndpoint: 'https://outside.test/t', revokeEndpoint: 'https://inside.test/r' });
});

it('shows no credential, whatever an administrator called it', async () => {
  const name = await added({ additionalProperties: { Password: 'p', apiKey: 'k', introspection_secret: 's', support: 'mail@a.test' } });

  const shown = (await seenBy(admin)).find((one) => one.name === name);

  expect(shown?.additionalProperties).toEqual({ support: 'mail@a.test' });
});

it('shows what an administrator allows of it', async () => {
  const constraint = { type: 'ENUM', value: { allowed: ['web'] } };
  const name = await added({
    type: 'oidc',
    additionalProperties: { registration_authentication: 'None', constraints: { application_type: constraint, response_types: 'none' } },
  });

  const fields = (await seenBy(admin)).find((one) => one.name === name)?.applicationConfiguration;

  expect(fields?.find((field) => field.name === 'application_type')).toMatchObject({ constraint });
  expect(fields?.find((field) => field.name === 'response_types')).not.toHaveProperty('constraint');
});

it('shows what an application may set', async () => {
  const properties = { type: 'oidc', additionalProperties: { registration_authentication: 'None' } };
  const name = await added(properties);

  const shown = (await seenBy(admin)).find((one) => one.name === name);

  expect(shown?.applicationConfiguration.map((field) => field.name)).toEqual([
    'token_endpoint_auth_method',
    'application_type',
    'response_types',
  ]);
});

it('shows those of the tenant that the header names, but none for whom a role there would be needed', async () => {
  const open = await added();
  const closed = await added({ permissions: { permissionType: 'ALLOW', roles: ['admin'] } });
  const { admin: stranger } = await given.organization();

  const shown = (await seenBy(stranger, { 'x-wso2-tenant': admin.organization })).map(({ name }) => name);

  expect(shown).toContain(open);
  expect(shown).not.toContain(closed);
  expect(await names(stranger)).not.toContain(open);
});
