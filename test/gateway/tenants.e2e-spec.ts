import { randomUUID } from 'node:crypto';
import { eventually } from '../support/eventually.js';
import { gateway } from '../support/gateway.js';
import { given } from '../support/given.js';

const UNKNOWN = { code: '404', type: 'Status report', message: 'Not Found', description: 'The requested resource is not available.' };

it('serves a tenant’s API below /t/<tenant>, to its own applications', async () => {
  const { domain, admin } = await given.organization();

  const { api, token } = await given.subscriber({ by: admin, backend: await given.backend() });

  expect(api.context).toMatch(new RegExp(`^/t/${domain}/`));
  expect((await gateway(`${api.url}/x`, { token })).status).toBe(200);
});

it('knows the tenant in its own letter case alone', async () => {
  const { domain, admin } = await given.organization();
  const { api, token } = await given.subscriber({ by: admin, backend: await given.backend() });

  const answer = await gateway(`${api.url.replace(domain, domain.toUpperCase())}/x`, { token });

  expect(answer).toMatchObject({ status: 404, body: UNKNOWN });
  expect((await gateway(`${api.url}/x`, { token })).status).toBe(200);
});

it('refuses the token of another tenant’s application', async () => {
  const { admin } = await given.organization();
  const stranger = await given.organization();
  const { api } = await given.subscriber({ by: admin, backend: await given.backend() });
  const other = await given.subscriber({ by: stranger.admin, backend: await given.backend() });

  const answer = await gateway(`${api.url}/x`, { token: other.token });

  expect(answer).toMatchObject({ status: 401, body: { code: '900901' } });
});

it('takes away the paths of a tenant that is not active, and gives them back', async () => {
  const { domain, admin } = await given.organization();
  const { api, token } = await given.subscriber({ by: admin, backend: await given.backend() });
  const { id } = (await given.superAdmin.tenants<{ id: string }>('GET /tenants/domain/{domain}', { path: { domain } })).body;
  const activate = (activated: boolean) =>
    given.superAdmin.tenants('PUT /tenants/{id}/lifecycle-status', { path: { id }, body: { activated } });

  await activate(false);
  const gone = await eventually(
    () => gateway(`${api.url}/x`, { token }),
    ({ status }) => status === 404,
  );
  await activate(true);
  const back = await eventually(
    () => gateway(`${api.url}/x`, { token }),
    ({ status }) => status === 200,
  );

  expect(gone.body).toEqual(UNKNOWN);
  expect(back.status).toBe(200);
});

it('says of a tenant nobody knows that there is nothing', async () => {
  expect(await gateway(`/t/${randomUUID()}.com/x/1.0.0/y`)).toMatchObject({ status: 404, body: UNKNOWN });
});
