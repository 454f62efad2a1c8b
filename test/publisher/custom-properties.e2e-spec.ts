import { RequiredPropertiesMissing, RequiredPropertiesMissingToPublish } from '../../src/apis/custom-properties/required-properties.js';
import { Cli } from '../server/cli.js';
import { expected } from '../support/actor.js';
import { type Body, Client } from '../support/client.js';
import { given } from '../support/given.js';

let cli: Cli;
let publisher: Client;
beforeAll(async () => {
  cli = await Cli.start({
    APIM_APIM__PUBLISHER__CUSTOM_PROPERTIES:
      '[{ name = "team", required = true, description = "Who answers for it" }, { name = "cost-centre", required = true }, { name = "colour" }]',
  });
  publisher = new Client('/api/am/publisher/v4', () => ({ basic: { username: 'admin', password: 'admin' } }), cli.management);
});

afterAll(() => cli.stop());

const FILLED = [
  { name: 'team', value: 'Blue', display: true },
  { name: 'cost-centre', value: '42', display: false },
];
const made = async (properties: Body = {}): Promise<Body & { readonly id: string }> =>
  expected(await publisher.request<Body & { readonly id: string }>('POST /apis', { body: given.apiProperties({ with: properties }) }), 201);
const put = (api: Body & { readonly id: string }, change: Body) =>
  publisher.request('PUT /apis/{apiId}', { path: { apiId: api.id }, body: { ...api, ...change } });
const publish = ({ id }: { readonly id: string }) =>
  publisher.request('POST /apis/change-lifecycle', { query: { apiId: id, action: 'Publish' } });

it('are told to the portals', async () => {
  const settings = expected(await publisher.request('GET /settings'), 200);

  expect(settings['customProperties']).toEqual([
    { name: 'team', description: 'Who answers for it', required: true },
    { name: 'cost-centre', description: '', required: true },
    { name: 'colour', description: '', required: false },
  ]);
});

it('may be missing from a new API, but not from a changed one', async () => {
  const api = await made();

  expect(await put(api, { description: 'Changed' })).toFailWith(RequiredPropertiesMissing('team, cost-centre'));

  const answer = await put(api, { description: 'Changed', additionalProperties: FILLED, additionalPropertiesMap: {} });
  expect(answer).toMatchObject({ status: 200, body: { description: 'Changed', additionalProperties: FILLED } });
});

it('with an empty value are as good as none', async () => {
  const api = await made({ additionalProperties: FILLED });

  const answer = await put(api, { additionalPropertiesMap: { team__display: { name: 'team__display', value: '', display: false } } });

  expect(answer).toFailWith(RequiredPropertiesMissing('team'));
});

it('are needed to publish', async () => {
  expect(await publish(await made())).toFailWith(RequiredPropertiesMissingToPublish());

  expect((await publish(await made({ additionalProperties: FILLED }))).status).toBe(200);
});
