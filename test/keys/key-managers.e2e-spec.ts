import { given } from '../support/given.js';
import { server } from '../support/server.js';

interface KeyManagers {
  readonly count: number;
  readonly list: readonly { readonly id: string; readonly name: string }[];
}

/** Global key managers, which other files make meanwhile, are in every tenant's list. */
const resident = ({ list }: KeyManagers) => list.filter(({ name }) => name === 'Resident Key Manager');

describe('the key managers of a tenant', () => {
  it('are shown to publishers', async () => {
    const { admin } = await given.organization();

    const { status, body } = await admin.publisher<KeyManagers>('GET /key-managers');

    expect(status).toBe(200);
    expect(resident(body)).toMatchObject([{ type: 'default', enabled: true }]);
  });

  it('are shown to developers, with what an application may set', async () => {
    const { body } = await given.superAdmin.devportal<KeyManagers>('GET /key-managers');

    expect(resident(body)[0]).toMatchObject({
      tokenEndpoint: `${server.management}/oauth2/token`,
      revokeEndpoint: `${server.management}/oauth2/revoke`,
      enableTokenGeneration: true,
      availableGrantTypes: expect.arrayContaining(['client_credentials']),
      applicationConfiguration: expect.arrayContaining([expect.objectContaining({ name: 'application_access_token_expiry_time' })]),
    });
  });

  it('differ from tenant to tenant', async () => {
    const [one, other] = [await given.organization(), await given.organization()];

    const ids = await Promise.all(
      [one, other].map(async ({ admin }) => resident((await admin.devportal<KeyManagers>('GET /key-managers')).body)[0]?.id),
    );

    expect(new Set(ids).size).toBe(2);
  });

  it('are hidden from tokens without the scope', async () => {
    expect((await given.superAdmin.withScopes('apim:admin').publisher('GET /key-managers')).status).toBe(401);
    expect((await given.superAdmin.withScopes('apim:admin').devportal('GET /key-managers')).status).toBe(401);
  });
});
