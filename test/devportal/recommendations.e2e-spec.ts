import { Unauthenticated } from '../../src/domain/problem.js';
import { type Actor, expected } from '../support/actor.js';
import { type Body, NOBODY } from '../support/client.js';
import { type GivenApi, given } from '../support/given.js';
import { configure } from '../support/tenant-config.js';

interface List {
  readonly count: number;
  readonly list: readonly { readonly id: string; readonly name: string; readonly avgRating: string }[];
}

const listed = async (by: Actor, properties: Body = {}): Promise<GivenApi> => {
  const api = await given.api({ by, with: properties });
  expected(await by.publisher('POST /apis/change-lifecycle', { query: { apiId: api.id, action: 'Publish' } }), 200);
  return api;
};
const recommended = async (by: Actor) => expected(await by.devportal<List>('GET /recommendations'), 200);
const names = async (by: Actor) => (await recommended(by)).list.map(({ name }) => name);

let admin: Actor;
let ann: Actor;
const subscribe = async (by: Actor, ...apis: readonly GivenApi[]) => {
  const application = await given.application(by);
  for (const api of apis) await given.subscription(api, application, { by });
};
beforeEach(async () => {
  ({ admin } = await given.organization());
  ann = await given.user({ roles: ['Internal/subscriber'], by: admin });
});

describe('GET /recommendations', () => {
  it('names first what others use who use the same, then what has the same tags', async () => {
    await configure(admin, { EnableRecommendation: true });
    const used = await listed(admin, { name: 'Used', tags: ['fish', 'sea'] });
    const both = await listed(admin, { name: 'Both', tags: ['fish', 'sea'] });
    await listed(admin, { name: 'Similar', tags: ['FISH'] });
    await listed(admin, { name: 'Alike', tags: ['fish', 'sea'] });
    await listed(admin, { name: 'Different', tags: ['bread'] });
    const together = await listed(admin, { name: 'Together' });
    const often = await listed(admin, { name: 'Often' });
    await subscribe(ann, used);
    const [bob, cid] = [await given.user({ roles: ['Internal/subscriber'], by: admin }), admin];
    await subscribe(bob, used, together, often);
    await subscribe(cid, used, often, both);

    expect(await names(ann)).toEqual(['Often', 'Both', 'Together', 'Alike', 'Similar']);
    expect((await recommended(ann)).list[0]).toEqual({ id: often.id, name: 'Often', avgRating: '0.0' });
  });

  it('leaves out what the caller has, in any version, and what cannot be subscribed to', async () => {
    await configure(admin, { EnableRecommendation: true });
    const properties = { ...given.apiProperties(), tags: ['fish'] };
    await subscribe(ann, await listed(admin, { ...properties, version: '1.0' }));
    await listed(admin, { ...properties, version: '2.0' });
    await given.api({ by: admin, with: { tags: ['fish'] } });
    const deprecated = await listed(admin, { tags: ['fish'] });
    const query = { apiId: deprecated.id, action: 'Deprecate' };
    expected(await admin.publisher('POST /apis/change-lifecycle', { query }), 200);
    const other = { ...given.apiProperties(), tags: ['fish'] };
    for (const version of ['1.9', '1.10']) await listed(admin, { ...other, version });

    const { list } = await recommended(ann);

    expect(list.map(({ name }) => name)).toEqual([other['name']]);
    const one = await ann.devportal('GET /apis/{apiId}', { path: { apiId: list[0]?.id ?? '' } });
    expect(one.body['version']).toBe('1.10');
  });

  it('is empty unless the tenant has it, and for those without subscriptions', async () => {
    await subscribe(ann, await listed(admin, { tags: ['fish'] }));
    await listed(admin, { tags: ['fish'] });
    expect(await recommended(ann)).toEqual({ count: 0, list: [] });
    const settings = async () => (await ann.devportal('GET /settings')).body['recommendationEnabled'];
    expect(await settings()).toBe(false);

    await configure(admin, { EnableRecommendation: true });

    expect((await recommended(ann)).count).toBe(1);
    expect(await settings()).toBe(true);
    expect((await recommended(admin)).count).toBe(0);
  });

  it('refuses guests and other scopes', async () => {
    expect(await ann.devportal('GET /recommendations', { as: NOBODY })).toFailWith(Unauthenticated());
    expect(await ann.withScopes('apim:app_manage').devportal('GET /recommendations')).toFailWith(Unauthenticated());
  });
});
