import { createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Cli } from '../server/cli.js';
import { given } from '../support/given.js';
import { server } from '../support/server.js';

const socketFolder = join(server.dataDir, 'postgres');
const read = (part: string | undefined): Record<string, unknown> => JSON.parse(Buffer.from(part ?? '', 'base64').toString());

it('tells the backend who calls, by a token that the gateway’s published keys verify', async () => {
  const backend = await given.backend();
  const { api, token, application } = await given.subscriber({ backend });
  // The same installation: its key opens the signing keys.
  const cli = await Cli.start(
    {
      APIM_DATABASE__URL: `postgres://gatehouse@localhost/postgres?host=${socketFolder}`,
      APIM_ENCRYPTION__KEY: readFileSync(join(server.dataDir, 'encryption.key'), 'utf8').trim(),
      APIM_APIM__JWT__ENABLE: 'true',
      APIM_APIM__JWT__ENABLE_TENANT_BASED_SIGNING: 'true',
    },
    undefined,
    ['--profile', 'gateway'],
  );
  const path = new URL(api.url, server.gateway).pathname;

  const { status } = await fetch(`${cli.gateway}${path}/x`, { headers: { authorization: `Bearer ${token}` } });
  const tenant = /^\/t\/[^/]+/.exec(path)?.[0] ?? '';
  const { keys } = (await (await fetch(`${cli.gateway}${tenant}/jwks`)).json()) as { keys: ({ kid: string } & JsonWebKey)[] }; // RFC 7517

  const assertion = String(backend.requests.at(-1)?.headers['x-jwt-assertion']);
  const [header, payload, signature] = assertion.split('.');
  const { kid, alg, typ, x5t } = read(header);
  const key = keys.find((each) => each.kid === kid);
  expect({ status, alg, typ, x5t }).toEqual({ status: 200, alg: 'RS256', typ: 'JWT', x5t: expect.any(String) });
  expect(
    verify(
      'RSA-SHA256',
      Buffer.from(`${header}.${payload}`),
      createPublicKey({ key: key ?? {}, format: 'jwk' }),
      Buffer.from(signature ?? '', 'base64'),
    ),
  ).toBe(true);
  expect(read(payload)).toMatchObject({
    iss: 'wso2.org/products/am',
    'http://wso2.org/claims/applicationname': application.name,
    'http://wso2.org/claims/enduserTenantId': expect.stringMatching(/^-?\d+$/),
  });
  expect((await cli.stop()).code).toBe(0);
});
