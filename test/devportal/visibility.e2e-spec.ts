import { type Actor, expected } from '../support/actor.js';
import { type Answer, type Body, NOBODY, type RequestOptions } from '../support/client.js';
import { consumerOrganization, join } from '../support/consumer-organizations.js';
import { type GivenApi, given } from '../support/given.js';
import { png } from '../support/pictures.js';
import { configure } from '../support/tenant-config.js';
import { unique } from '../support/unique.js';

/** Somebody at the portal. */
interface View {
  readonly by: Actor;
  readonly options: RequestOptions;
}

/** An API that says its word wherever an API can say something. */
interface Sample extends GivenApi {
  readonly word: string;
  readonly documentId: string;
}

interface Door {
  /** The developer portal's unless given. */
  readonly face?: 'gatehouse';
  readonly operation: string;
  readonly options: (api: Sample) => RequestOptions;
}

/** What all APIs of this file have, so that they are like each other. */
const COMMON_TAG = unique('common');

const listed = (operation: string, query: (api: Sample) => string): Door => ({
  operation,
  options: (api) => ({ query: { query: query(api), limit: 1000 } }),
});
const ofApi = (operation: string, body?: (api: Sample) => Body): Door => ({
  operation,
  options: (api) => ({ path: { apiId: api.id, documentId: api.documentId }, ...(body && { body: body(api) }) }),
});

/** Answers that must not speak of a hidden API. */
const LISTS: Readonly<Record<string, Door>> = {
  'the list': listed('GET /apis', () => ''),
  'a word in the list': listed('GET /apis', ({ word }) => word),
  'name:': listed('GET /apis', ({ word }) => `name:${word}`),
  'display-name:': listed('GET /apis', ({ word }) => `display-name:${word}`),
  'context:': listed('GET /apis', ({ word }) => `context:${word}`),
  'description:': listed('GET /apis', ({ word }) => `description:${word}`),
  'tag:': listed('GET /apis', ({ word }) => `tag:${word}`),
  'a displayed property': listed('GET /apis', ({ word }) => `shown:${word}`),
  'doc:': listed('GET /apis', ({ word }) => `doc:${word}`),
  'version:': listed('GET /apis', () => 'version:1.0.0'),
  'a field twice': listed('GET /apis', ({ word }) => `name:${word} name:*`),
  'a search for everything': listed('GET /search', () => ''),
  'a search for words': listed('GET /search', ({ word }) => word),
  'a search for a part of a word': listed('GET /search', ({ word }) => `${word.slice(0, -1)}*`),
  'a search for a phrase': listed('GET /search', ({ word }) => `"${word} indeed"`),
  'a search for a name': listed('GET /search', ({ word }) => `name:${word}`),
  'a search for documents': listed('GET /search', ({ word }) => `doc:${word}`),
  'a search for words and a tag': listed('GET /search', ({ word }) => `content:${word} tag:${word}`),
  tags: { operation: 'GET /tags', options: () => ({ query: { limit: 1000 } }) },
  recommendations: { operation: 'GET /recommendations', options: () => ({}) },
};

/** Addresses that a hidden API must not be behind, for those who guess them. */
const ADDRESSES: Readonly<Record<string, Door>> = {
  'the API': ofApi('GET /apis/{apiId}'),
  'its definition': ofApi('GET /apis/{apiId}/swagger'),
  'its documents': ofApi('GET /apis/{apiId}/documents'),
  'one of its documents': ofApi('GET /apis/{apiId}/documents/{documentId}'),
  'the content of a document': ofApi('GET /apis/{apiId}/documents/{documentId}/content'),
  'its picture': ofApi('GET /apis/{apiId}/thumbnail'),
  'its plans': ofApi('GET /apis/{apiId}/subscription-policies'),
  'its ratings': ofApi('GET /apis/{apiId}/ratings'),
  'the own rating': ofApi('GET /apis/{apiId}/user-rating'),
  'a new rating': ofApi('PUT /apis/{apiId}/user-rating', () => ({ rating: 3 })),
  'its comments': ofApi('GET /apis/{apiId}/comments'),
  'a new comment': ofApi('POST /apis/{apiId}/comments', () => ({ content: 'so it goes' })),
  'its topics': ofApi('GET /apis/{apiId}/topics'),
  'a client of it': { operation: 'GET /apis/{apiId}/sdks/{language}', options: (api) => ({ path: { apiId: api.id, language: 'python' } }) },
  'its collection for Postman': { ...ofApi('GET /apis/{apiId}/postman-collection'), face: 'gatehouse' },
  'its curl commands': { ...ofApi('GET /apis/{apiId}/curl-commands'), face: 'gatehouse' },
  'its API keys': ofApi('GET /apis/{apiId}/api-keys'),
  'a new API key': ofApi('POST /apis/{apiId}/api-keys/generate', () => ({
    keyName: unique('key'),
    keyType: 'PRODUCTION',
    validityPeriod: -1,
  })),
  'a new subscription': ofApi('POST /subscriptions', ({ id }) => ({
    apiId: id,
    applicationId: applicationId,
    throttlingPolicy: 'Unlimited',
  })),
};

let admin: Actor;
let stranger: Actor;
let member: Actor;
let applicationId: string;
let otherOrganization: string;
let views: Readonly<Record<'member' | 'guest' | 'stranger', View>>;
let visible: Sample;

/** Makes an API, in the state that the last action leads to. */
const sample = async (properties: Body, actions: readonly string[] = ['Publish'], by = admin): Promise<Sample> => {
  const word = unique('Word');
  const definition = {
    openapi: '3.0.1',
    info: { title: word, version: '1.0.0', description: `${word} indeed` },
    paths: { [`/${word}`]: { get: { responses: { 200: { description: 'OK' } } } } },
  };
  const api = await given.api({
    by,
    definition,
    with: {
      ...{ name: word, context: `/${word.toLowerCase()}`, description: `About ${word}`, tags: [COMMON_TAG, word] },
      ...{ additionalProperties: [{ name: 'shown', value: word, display: true }], visibleOrganizations: ['all'] },
      securityScheme: ['oauth2', 'api_key', 'oauth_basic_auth_api_key_mandatory'],
      ...properties,
    },
  });
  const path = { apiId: api.id };
  const body = { name: `Guide of ${word}`, type: 'HOWTO', summary: word, sourceType: 'INLINE', visibility: 'API_LEVEL' };
  const { documentId } = expected(await by.publisher<{ documentId: string }>('POST /apis/{apiId}/documents', { path, body }), 201);
  const content = { path: { ...path, documentId }, form: { inlineContent: `How ${word} goes` } };
  expected(await by.publisher('POST /apis/{apiId}/documents/{documentId}/content', content), 201);
  expected(await by.publisher('PUT /apis/{apiId}/thumbnail', { path, form: { file: { file: png(), name: 'a.png' } } }), 201);
  for (const action of actions) expected(await by.publisher('POST /apis/change-lifecycle', { query: { apiId: api.id, action } }), 200);
  return { ...api, word, documentId };
};

/** The ways in which an API is hidden, and from whom. */
const HIDDEN: Readonly<Record<string, { readonly from: keyof typeof views; readonly make: () => Promise<Sample> }>> = {
  'restricted to a role that a member lacks': {
    from: 'member',
    make: () => sample({ visibility: 'RESTRICTED', visibleRoles: ['Internal/creator'] }),
  },
  'restricted to a role of a member, for guests': {
    from: 'guest',
    make: () => sample({ visibility: 'RESTRICTED', visibleRoles: ['Internal/subscriber'] }),
  },
  'restricted to a role that a stranger holds at home': {
    from: 'stranger',
    make: () => sample({ visibility: 'RESTRICTED', visibleRoles: ['admin'] }),
  },
  'private, for guests': { from: 'guest', make: () => sample({ visibility: 'PRIVATE' }) },
  'private, for strangers': { from: 'stranger', make: () => sample({ visibility: 'PRIVATE' }) },
  'for another consumer organization': { from: 'member', make: () => sample({ visibleOrganizations: [otherOrganization] }) },
  'for another consumer organization, for guests': { from: 'guest', make: () => sample({ visibleOrganizations: [otherOrganization] }) },
  'another tenant’s': { from: 'member', make: () => sample({}, ['Publish'], stranger) },
  created: { from: 'member', make: () => sample({}, []) },
  'taken back to created': { from: 'member', make: () => sample({}, ['Publish', 'Demote to Created']) },
  retired: { from: 'member', make: () => sample({}, ['Publish', 'Deprecate', 'Retire']) },
};
const KINDS = Object.keys(HIDDEN);
const hidden = new Map<string, Sample>();

beforeAll(async () => {
  ({ admin } = await given.organization());
  stranger = (await given.organization()).admin;
  member = await given.user({ roles: ['Internal/subscriber'], by: admin });
  const [own, other] = [await consumerOrganization(admin), await consumerOrganization(admin)];
  await join(admin, member, own.externalOrganizationId);
  otherOrganization = other.organizationId;
  const headers = { 'x-wso2-tenant': admin.organization };
  views = {
    member: { by: member, options: {} },
    guest: { by: member, options: { as: NOBODY, headers } },
    stranger: { by: stranger, options: { headers } },
  };
  visible = await sample({});
  for (const kind of KINDS) hidden.set(kind, (await HIDDEN[kind]?.make()) ?? visible);

  // Everything that could lead from one API to another does: tags, and people who use both.
  for (const tenant of [admin, stranger]) await configure(tenant, { EnableRecommendation: true });
  const used = await sample({});
  ({ applicationId } = await given.application(member));
  await given.subscription(used, { applicationId, name: '' }, { by: member });
  const peer = await given.application(admin);
  await given.subscription(used, peer, { by: admin });
  await given.subscription(visible, peer, { by: admin });
  for (const kind of KINDS.filter((kind) => /^(restricted|private)/.test(kind))) {
    await given.subscription(hidden.get(kind) ?? visible, peer, { by: admin });
  }
});

const through = (door: Door | undefined, { by, options }: View, api: Sample): Promise<Answer<unknown>> => {
  if (door === undefined) throw new Error('there is no such door');
  return by[door.face ?? 'devportal']<unknown>(door.operation, { ...options, ...door.options(api) });
};

const textOf = ({ body, headers }: Answer<unknown>): string =>
  (Buffer.isBuffer(body) ? (headers['content-type'] ?? '') : JSON.stringify(body ?? '')).toLowerCase();

const speaksOf = (answer: Answer<unknown>, { id, word }: Sample): boolean => {
  const text = textOf(answer);
  return text.includes(word.toLowerCase()) || (answer.status < 400 && text.includes(id));
};

/** Where a list says how many there are, it counts what it shows. */
const countsItsList = ({ body }: Answer<unknown>): boolean => {
  const { count, list = [], pagination } = body as { count?: number; list?: readonly unknown[]; pagination?: { total: number } }; // any list
  return count === list.length && (pagination?.total ?? count) === count;
};

describe.each(Object.keys(LISTS))('%s', (name) => {
  // Strangers and guests have no subscriptions, so nothing is recommended to them.
  it.each(
    name === 'recommendations' ? (['member'] as const) : (['member', 'guest', 'stranger'] as const),
  )('shows an API that is visible to a %s', async (who) => {
    const answer = await through(LISTS[name], views[who], visible);

    expect(answer.status).toBe(200);
    expect(speaksOf(answer, visible)).toBe(true);
  });

  it.each(KINDS)('shows none that is %s', async (kind) => {
    const api = hidden.get(kind) ?? visible;
    const view = views[HIDDEN[kind]?.from ?? 'member'];

    const answer = await through(LISTS[name], view, api);

    expect(speaksOf(answer, api)).toBe(false);
    if (answer.status === 200) expect(countsItsList(answer)).toBe(true);
    else expect([answer.status, view.options.as]).toEqual([401, NOBODY]);
  });
});

describe.each(Object.keys(ADDRESSES))('%s', (name) => {
  it('is there of an API that is visible', async () => {
    const { status } = await through(ADDRESSES[name], views.member, visible);

    expect([200, 201]).toContain(status);
  });

  it.each(KINDS)('is not there of one that is %s', async (kind) => {
    const api = hidden.get(kind) ?? visible;

    const answer = await through(ADDRESSES[name], views[HIDDEN[kind]?.from ?? 'member'], api);

    expect([401, 403, 404]).toContain(answer.status);
    expect(speaksOf(answer, api)).toBe(false);
  });
});

describe('words that are not shown', () => {
  const found = async (by: Actor, face: 'publisher' | 'devportal', query: string) =>
    expected(await by[face]<{ list: readonly { type: string }[] }>('GET /search', { query: { query } }), 200).list.map(({ type }) => type);
  const [secret, both] = [unique('secret'), unique('both')];

  beforeAll(async () => {
    const definition = {
      openapi: '3.0.1',
      info: { title: 'Words', version: '1.0.0', description: both },
      servers: [{ url: `https://${secret}.example.com/servers` }],
      'x-wso2-production-endpoints': { urls: [`https://${secret}.example.com/${both}`], type: 'http' },
      paths: {
        '/words': {
          servers: [{ url: `https://${secret}.example.com/path` }],
          get: { 'x-mediation-script': `var x = '${secret}'`, responses: { 200: { description: 'OK' } } },
        },
      },
    };
    const additionalProperties = [{ name: 'ledger', value: secret, display: false }];
    const { id: apiId } = await given.api({ by: admin, definition, with: { visibleOrganizations: ['all'], additionalProperties } });
    expected(await admin.publisher('POST /apis/change-lifecycle', { query: { apiId, action: 'Publish' } }), 200);
  });

  it.each([
    [secret, ['API', 'DEFINITION']],
    [`${secret.slice(0, -1)}*`, ['API', 'DEFINITION']],
    [`ledger:${secret}`, ['API']],
  ])('find in the publisher alone: %s', async (query, types) => {
    expect((await found(admin, 'publisher', query)).sort()).toEqual(types);
    expect(await found(admin, 'devportal', query)).toEqual([]);
    expect(await found(member, 'devportal', query)).toEqual([]);
  });

  it('find where they are shown too', async () => {
    expect(await found(member, 'devportal', both)).toEqual(['DEFINITION']);
    expect(await found(member, 'devportal', `${both.slice(0, -1)}* words`)).toEqual(['DEFINITION']);
    expect(await found(member, 'devportal', `"${secret} example"`)).toEqual([]);
  });
});
