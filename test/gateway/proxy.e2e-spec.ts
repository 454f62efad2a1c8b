import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Agent, fetch } from 'undici';
import { Cli } from '../server/cli.js';
import { eventually } from '../support/eventually.js';

const insecure = new Agent({ connect: { rejectUnauthorized: false } });
const asked: string[] = [];
const proxy = createServer((request, reply) => {
  asked.push(`${request.method} ${request.url} ${request.headers['proxy-authorization']}`);
  reply.end('by the proxy');
});
const direct = createServer((_request, reply) => reply.end('directly'));
const portOf = (server: typeof proxy): number => (server.address() as AddressInfo).port;
beforeAll(() => Promise.all([proxy, direct].map((each) => new Promise<void>((resolve) => each.listen(0, '127.0.0.1', resolve)))));
afterAll(() => {
  for (const each of [proxy, direct]) each.close();
});

/** POSTs as the administrator and gives the answer's body. */
const post = async (server: Cli, path: string, body: object | URLSearchParams, authorization: string): Promise<Record<string, string>> => {
  const isForm = body instanceof URLSearchParams;
  const answer = await fetch(server.management + path, {
    method: 'POST',
    dispatcher: insecure,
    headers: { authorization, 'content-type': isForm ? 'application/x-www-form-urlencoded' : 'application/json' },
    body: isForm ? body : JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Record<string, string>; // texts alone are looked at
};

it('backends are reached through the proxy of the configuration, but for its exceptions', async () => {
  const server = await Cli.start({
    APIM_APIM__PROXY_CONFIG__ENABLE: 'true',
    APIM_APIM__PROXY_CONFIG__HOST: '127.0.0.1',
    APIM_APIM__PROXY_CONFIG__PORT: String(portOf(proxy)),
    APIM_APIM__PROXY_CONFIG__USERNAME: 'me',
    APIM_APIM__PROXY_CONFIG__PASSWORD: 's3cret',
    APIM_APIM__PROXY_CONFIG__NONPROXYHOSTS: 'localhost|127.0.0.*',
  });
  const basic = `Basic ${btoa('admin:admin')}`;
  const client = await post(
    server,
    '/client-registration/v0.17/register',
    { clientName: 'e2e', owner: 'admin', grantType: 'password', saasApp: true },
    basic,
  );
  const scope = 'apim:api_create apim:api_publish apim:api_manage';
  const grant = new URLSearchParams({ grant_type: 'password', username: 'admin', password: 'admin', scope });
  const { access_token: token } = await post(
    server,
    '/oauth2/token',
    grant,
    `Basic ${btoa(`${client['clientId']}:${client['clientSecret']}`)}`,
  );
  const publisher = (path: string, body: object) => post(server, `/api/am/publisher/v4${path}`, body, `Bearer ${token}`);
  const deploy = async (name: string, url: string): Promise<void> => {
    const operations = [{ target: '/*', verb: 'GET', authType: 'None', throttlingPolicy: 'Unlimited' }];
    const endpointConfig = { endpoint_type: 'http', production_endpoints: { url } };
    const api = await publisher('/apis', {
      name,
      context: `/${name}`,
      version: '1.0.0',
      policies: ['Unlimited'],
      operations,
      endpointConfig,
    });
    await publisher(`/apis/change-lifecycle?apiId=${api['id']}&action=Publish`, {});
    const { id } = await publisher(`/apis/${api['id']}/revisions`, {});
    // The product answers with a list; nothing of it is needed.
    await publisher(`/apis/${api['id']}/deploy-revision?revisionId=${id}`, [
      { name: 'Default', vhost: 'localhost', displayOnDevportal: true },
    ]);
  };
  await deploy('far', 'http://backend.test:8080/base');
  await deploy('near', `http://127.0.0.1:${portOf(direct)}`);
  const call = async (path: string): Promise<string> => (await fetch(server.gateway + path)).text();

  const far = await eventually(
    () => call('/far/1.0.0/menu?a=1'),
    (body) => !body.includes('not available'),
  );
  const near = await eventually(
    () => call('/near/1.0.0/menu'),
    (body) => !body.includes('not available'),
  );

  expect([far, near]).toEqual(['by the proxy', 'directly']);
  expect(asked).toEqual([`GET http://backend.test:8080/base/menu?a=1 Basic ${btoa('me:s3cret')}`]);
  await server.stop();
});
