import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Problem } from '../../domain/problem.js';
import { ApimConfig } from '../../platform/config/sections/apim.config.js';
import { Outbound } from '../../platform/outbound/outbound.js';
import { AiService } from './ai-service.js';

interface Seen {
  readonly url: string;
  readonly authorization: string;
  readonly body: string;
}

const textOf = async (request: IncomingMessage): Promise<string> => {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
};

let answer: { status: number; body: string };
let seen: Seen[];
let backend: Server;
let address: string;
beforeAll(async () => {
  backend = createServer(async (request, response) => {
    seen.push({ url: request.url ?? '', authorization: request.headers.authorization ?? '', body: await textOf(request) });
    const isToken = request.url === '/token';
    response.writeHead(isToken ? 200 : answer.status).end(isToken ? '{"access_token":"fresh","expires_in":3600}' : answer.body);
  });
  await new Promise<void>((resolve) => void backend.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(backend.address() as AddressInfo).port}`; // a listening TCP server has one
});
afterAll(() => void backend.close());
beforeEach(() => {
  seen = [];
  answer = { status: 200, body: '{"state":"COMPLETE"}' };
});

const service = (ai: Partial<ApimConfig['ai']>): AiService => {
  const config = Object.assign(new ApimConfig(), { ai: { enable: true, endpoint: '', token: '', key: '', tokenEndpoint: '', ...ai } });
  return new AiService(config, new Outbound(config));
};

it('sends the question with the configured token', async () => {
  const said = await service({ endpoint: `${address}/v2/`, token: 'abc' }).ask('/ai/x', { text: 'Hello' });

  expect(said).toEqual({ state: 'COMPLETE' });
  expect(seen).toEqual([{ url: '/v2/ai/x', authorization: 'Bearer abc', body: '{"text":"Hello"}' }]);
});

it('fetches a token with the key, once', async () => {
  const assistant = service({ endpoint: address, key: 'a2V5', tokenEndpoint: `${address}/token` });

  await assistant.ask('/ai/x', {});
  await assistant.ask('/ai/x', {});

  expect(seen.map(({ url, authorization }) => [url, authorization])).toEqual([
    ['/token', 'Basic a2V5'],
    ['/ai/x', 'Bearer fresh'],
    ['/ai/x', 'Bearer fresh'],
  ]);
});

it('fetches another token once the service refused the one it had', async () => {
  const assistant = service({ endpoint: address, key: 'a2V5', tokenEndpoint: `${address}/token` });
  answer = { status: 401, body: '' };
  await expect(assistant.ask('/ai/x', {})).rejects.toMatchObject({ code: 903101 });
  answer = { status: 200, body: '{}' };

  await assistant.ask('/ai/x', {});

  expect(seen.map(({ url }) => url)).toEqual(['/token', '/ai/x', '/token', '/ai/x']);
});

it.each([
  [401, '', 401, 903101],
  [429, '', 429, 903102],
  [500, '', 400, 903100],
  [404, '{}', 400, 903100],
  [200, 'no JSON', 400, 903100],
  [200, '[1]', 400, 903100],
])('turns %d with %j into %d, code %d', async (status, body, refusedStatus, code) => {
  answer = { status, body };

  const refusal: Problem = await service({ endpoint: address, token: 'abc' })
    .ask('/ai/x', {})
    .then(
      () => Promise.reject(new Error('it was answered')),
      (err) => err,
    );

  expect(refusal).toMatchObject({ status: refusedStatus, code });
});

it('says so when the service cannot be reached', async () => {
  await expect(service({ endpoint: 'http://127.0.0.1:1', token: 'abc' }).ask('/ai/x', {})).rejects.toMatchObject({
    status: 400,
    code: 903100,
  });
});

it.each([
  {},
  { endpoint: 'http://127.0.0.1:1' },
  { endpoint: 'http://127.0.0.1:1', key: 'x' },
  { enable: false, endpoint: 'http://127.0.0.1:1', token: 'x' },
])('asks nobody with %j', async (ai) => {
  await expect(service(ai).ask('/ai/x', {})).rejects.toMatchObject({ status: 400, code: 400 });
});
