import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { FederatedAccountEntity } from '../../src/keys/subjects/federated-account.entity.js';
import { FederatedAccounts } from '../../src/keys/subjects/federated-accounts.service.js';
import type { TrustedIssuers } from '../../src/keys/trusted-issuers/trusted-issuers.service.js';
import type { Accounts } from '../../src/platform/auth/accounts.js';
import { LogConfig } from '../../src/platform/config/sections/log.config.js';
import { Log } from '../../src/platform/logging/log.js';
import { management } from '../support/client.js';
import { withDatabase } from '../support/database.js';
import { server } from '../support/server.js';
import { unique } from '../support/unique.js';
import { introspect, partsOf, register, tokenOf } from './oauth.js';
import { OutsideIdp } from './outside-idp.js';

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const DAY = 86_400;

const source = new DataSource({
  ...{ type: 'postgres', host: join(server.dataDir, 'postgres'), username: 'gatehouse', database: 'postgres' },
  entities: [FederatedAccountEntity],
});
let idp: OutsideIdp;
beforeAll(async () => {
  await source.initialize();
  idp = await OutsideIdp.start();
  await idp.trustedIn('carbon.super', { claimMapping: [{ remoteClaim: 'groups', localClaim: 'http://wso2.org/claims/role' }] });
});
afterAll(() => source.destroy());

/** Purging asks nobody. */
const purge = () =>
  new FederatedAccounts(
    source.getRepository(FederatedAccountEntity),
    undefined as unknown as TrustedIssuers,
    undefined as unknown as Accounts,
    new Log(new LogConfig()),
  ).purge();

const neededUntil = (id: string): Promise<number | undefined> =>
  withDatabase(async (database) => {
    const { rows } = await database.query('SELECT needed_until FROM federated_accounts WHERE id = $1', [id]);
    return rows[0] && Number(rows[0].needed_until);
  });

const ended = (id: string, days: number) =>
  withDatabase((database) =>
    database.query('UPDATE federated_accounts SET needed_until = extract(epoch FROM now()) - $2::int WHERE id = $1', [id, days * DAY]),
  );

it('is kept while a token lives, forgotten a month after, and the same user with the same possessions when it comes back', async () => {
  const client = await register({ grantType: `${JWT_BEARER} refresh_token` });
  const sub = unique('maria');
  const signIn = async () =>
    (
      await tokenOf(client, {
        grant_type: JWT_BEARER,
        assertion: await idp.jwt({ sub, groups: ['Internal/subscriber'] }),
        scope: 'apim:subscribe apim:app_manage',
      })
    ).body;
  const first = await signIn();
  const id = String(partsOf(first.access_token).claims['entity_id']);
  const as = { bearer: first.access_token };
  const { body: application } = await management.request('POST /api/am/devportal/v3/applications', {
    as,
    body: { name: unique('app'), throttlingPolicy: 'Unlimited' },
  });

  const noted = (await neededUntil(id)) ?? 0;
  expect(noted).toBeGreaterThan(Number(partsOf(first.refresh_token).claims['exp']));
  await ended(id, 29);
  await purge();
  expect(await neededUntil(id)).toBeDefined();
  const refreshed = await tokenOf(client, { grant_type: 'refresh_token', refresh_token: first.refresh_token });
  expect(refreshed.status).toBe(200);
  expect(await neededUntil(id)).toBeGreaterThanOrEqual(noted);
  await ended(id, 31);
  await purge();
  expect(await neededUntil(id)).toBeUndefined();
  expect(await introspect(refreshed.body.access_token)).toEqual({ active: false });

  const again = await signIn();

  expect(partsOf(again.access_token).claims['entity_id']).toBe(id);
  expect(
    await management.request(`GET /api/am/devportal/v3/applications/${application['applicationId']}`, {
      as: { bearer: again.access_token },
    }),
  ).toMatchObject({ status: 200, body: { owner: `FEDERATED/${id}` } });
});
