import { ApiEntity } from '../../src/apis/api.entity.js';
import { PortalApisQueries } from '../../src/apis/portal/portal-apis.queries.js';
import { PortalSights } from '../../src/apis/portal/portal-sights.js';
import { PortalTagsQueries } from '../../src/apis/portal/portal-tags.queries.js';
import { SearchQueries } from '../../src/apis/search/search.queries.js';
import type { User } from '../../src/domain/user.js';
import { Memberships } from '../../src/identity/consumer-organizations/memberships.js';
import { Guests } from '../../src/identity/tenant-config/guests.js';
import { ApimConfig } from '../../src/platform/config/sections/apim.config.js';
import { expected } from '../support/actor.js';
import { given } from '../support/given.js';
import { WatchedDatabase } from '../support/watched-database.js';

let database: WatchedDatabase;
let caller: User;
beforeAll(async () => {
  database = await WatchedDatabase.open(ApiEntity);
  const { admin, domain } = await given.organization();
  for (let index = 0; index < 6; index += 1) {
    const { id } = await given.api({ by: admin, with: { tags: ['common', `tag${index}`], description: 'Fresh bread' } });
    expected(await admin.publisher('POST /apis/change-lifecycle', { query: { apiId: id, action: 'Publish' } }), 200);
  }
  const id = '00000000-0000-4000-8000-000000000000';
  caller = { id, name: 'visitor', organization: domain, roles: ['Internal/subscriber'], scopes: new Set() };
});
afterAll(() => database.close());

const config = new ApimConfig();
const parts = () => {
  const guests = new Guests(config, { of: async () => ({}) });
  const sights = new PortalSights(config, new Memberships(database.source, config), guests);
  return {
    sights,
    apis: new PortalApisQueries(database.source, config, new Memberships(database.source, config), sights),
    everything: new SearchQueries(database.source),
    tags: new PortalTagsQueries(database.source, sights),
  };
};
type Ask = (viewer: { readonly organization: string; readonly caller: User }, limit: number) => Promise<readonly unknown[]>;
const window = (limit: number) => ({ limit, offset: 0, path: '', rest: '' });
const list =
  (query: string): Ask =>
  async (viewer, limit) =>
    (await parts().apis.list(viewer, query, window(limit))).items;
const search =
  (query: string): Ask =>
  async (viewer, limit) =>
    (await parts().everything.search((await parts().sights.of(viewer)).sight, query, window(limit))).hits;

// A search has a transaction around it, which begins, sets its time limit and ends.
it.each<[string, Ask, number]>([
  ['the list', list(''), 3],
  ['a list by name', list('name:api'), 5],
  ['a list by tag', list('tag:common'), 5],
  ['a search for words', search('bread'), 5],
  ['a search for a tag', search('tag:common'), 5],
  ['the tags', async (viewer, limit) => (await parts().tags.list(viewer, window(limit))).items, 2],
])('%s takes as many statements for six as for one', async (_, ask, most) => {
  const viewer = { organization: caller.organization, caller };

  const one = await database.counting(() => ask(viewer, 1));
  const six = await database.counting(() => ask(viewer, 6));

  expect([one.result.length, six.result.length]).toEqual([1, 6]);
  expect(six.statements).toBe(one.statements);
  expect(six.statements).toBeLessThanOrEqual(most);
});
