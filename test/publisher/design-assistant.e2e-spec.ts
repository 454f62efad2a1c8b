import { AiNotConfigured, AiQuotaExceeded, AiServiceFailed } from '../../src/apis/design-assistant/design-assistant.problems.js';
import { Unauthenticated } from '../../src/domain/problem.js';
import { Cli } from '../server/cli.js';
import type { Backend } from '../support/backend.js';
import type { Body } from '../support/client.js';
import { given } from '../support/given.js';
import { server } from '../support/server.js';

const { superAdmin: admin } = given;
const chat = (body: Body, by = admin) => by.publisher('POST /design-assistant/chat', { body });
const generate = (body: Body, by = admin) => by.publisher('POST /design-assistant/generate-api-payload', { body });

const SAID = { backendResponse: 'Done', isSuggestions: false, paths: ['/bread'], state: 'COMPLETE' };
/** What the AI service answers with next. */
let status = 200;
let service: Backend;
beforeAll(async () => {
  service = await given.backend((request, response) => {
    const answer = request.url?.endsWith('/chat') ? SAID : { generated_payload: '{"name":"Bakery"}' };
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer));
  }, server.aiPort);
});
beforeEach(() => {
  status = 200;
});
/** What the service was asked last. */
const asked = () => {
  const { url, body, headers } = service.requests.at(-1) ?? {};
  return { url, body: JSON.parse(body ?? 'null'), authorization: headers?.authorization };
};

it('hands what is said to the AI service and its answer back', async () => {
  const answer = await chat({ text: 'Bread', session_id: '7' });

  expect(answer).toMatchObject({ status: 200 });
  expect(answer.body).toEqual({ ...SAID, typeOfApi: null, code: null, apiTypeSuggestion: null, missingValues: null });
  expect(asked()).toEqual({
    url: '/ai/api-design-assistant/chat',
    body: { text: 'Bread', sessionId: '7' },
    authorization: 'Bearer e2e',
  });
});

it('has the AI service make an API of the conversation', async () => {
  const answer = await generate({ session_id: '7' });

  expect(answer).toMatchObject({ status: 200, body: { generated_payload: '{"name":"Bakery"}' } });
  expect(asked()).toMatchObject({ url: '/ai/api-design-assistant/generate-api-payload', body: { sessionId: '7' } });
});

it.each([
  [500, AiServiceFailed('The service answered 500.')],
  [429, AiQuotaExceeded()],
])('words the failure %d of the AI service', async (failure, problem) => {
  status = failure;

  expect(await chat({ text: 'Bread', session_id: '7' })).toFailWith(problem);
  expect(await generate({ session_id: '7' })).toFailWith(problem);
});

it.each([{ text: 1 }, { text: 'x'.repeat(32_769) }, { session_id: {} }])('refuses the question %#', async (body) => {
  expect((await chat(body)).status).toBe(400);
});

it('refuses a session that is none', async () => {
  expect((await generate({ session_id: ['1'] })).status).toBe(400);
});

it('needs the scope to create APIs', async () => {
  const viewer = admin.withScopes('apim:api_view');

  expect(await chat({ text: 'Hello' }, viewer)).toFailWith(Unauthenticated());
  expect(await generate({ session_id: '1' }, viewer)).toFailWith(Unauthenticated());
});

it('refuses while no AI service is configured', async () => {
  const without = await Cli.start();
  const post = (operation: string, body: Body) => without.post(`/api/am/publisher/v4/design-assistant/${operation}`, body);

  const answers = [await post('chat', { text: 'An API for a bakery', session_id: '1' }), await post('generate-api-payload', {})];
  await without.stop();

  const { code, description } = AiNotConfigured();
  expect(answers).toMatchObject(Array(2).fill({ status: 400, body: { code, description } }));
});
