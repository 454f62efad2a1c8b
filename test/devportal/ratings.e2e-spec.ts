import { randomUUID } from 'node:crypto';
import { ApiNotFound } from '../../src/apis/apis.problems.js';
import { HiddenApi } from '../../src/apis/portal/portal-apis.queries.js';
import { RatingOutOfRange } from '../../src/apis/ratings/ratings.problems.js';
import { PreconditionFailed, Unauthenticated } from '../../src/domain/problem.js';
import { change, member, product } from '../publisher/products.js';
import { type Actor, expected } from '../support/actor.js';
import { type Body, NOBODY, type RequestOptions } from '../support/client.js';
import { withDatabase } from '../support/database.js';
import { given } from '../support/given.js';

interface Rating {
  readonly ratingId: string | null;
  readonly apiId: string;
  readonly ratedBy: string;
  readonly rating: number;
}
interface RatingList {
  readonly avgRating: string;
  readonly userRating: number;
  readonly count: number;
  readonly list: readonly Rating[];
  readonly pagination: Body;
}
interface Listed {
  readonly id: string;
  readonly avgRating: string;
}

const ALL = '/apis/{apiId}/ratings';
const MINE = '/apis/{apiId}/user-rating';

let admin: Actor;
let domain: string;
let ann: Actor;
let ben: Actor;
let apiId: string;
beforeAll(async () => {
  ({ admin, domain } = await given.organization());
  ann = await given.user({ roles: ['Internal/subscriber'], by: admin });
  ben = await given.user({ roles: ['Internal/subscriber'], by: admin });
});
beforeEach(async () => {
  apiId = await published();
});

const act = async (id: string, action: string): Promise<void> => {
  expected(await admin.publisher('POST /apis/change-lifecycle', { query: { apiId: id, action } }), 200);
};
const published = async (properties: Body = {}): Promise<string> => {
  const { id } = await given.api({ by: admin, with: properties });
  await act(id, 'Publish');
  return id;
};

const rate = (by: Actor, rating: unknown, options: RequestOptions = {}) =>
  by.devportal<Rating>(`PUT ${MINE}`, { path: { apiId }, body: { rating }, ...options });
const rated = async (by: Actor, rating: number, id = apiId): Promise<Rating> =>
  expected(await rate(by, rating, { path: { apiId: id } }), 200);
const mine = (by: Actor, options: RequestOptions = {}) => by.devportal<Rating>(`GET ${MINE}`, { path: { apiId }, ...options });
const withdraw = (by: Actor, options: RequestOptions = {}) => by.devportal<unknown>(`DELETE ${MINE}`, { path: { apiId }, ...options });
const ratings = async (by: Actor, options: RequestOptions = {}) =>
  expected(await by.devportal<RatingList>(`GET ${ALL}`, { path: { apiId }, ...options }), 200);
/** How the API is shown in the list, on its own page and in a subscription's. */
const shown = async (): Promise<readonly (string | undefined)[]> => {
  const { list } = expected(await ann.devportal<{ list: readonly Listed[] }>('GET /apis', { query: { limit: 1000 } }), 200);
  const api = expected(await ann.devportal<Listed>('GET /apis/{apiId}', { path: { apiId } }), 200);
  return [list.find(({ id }) => id === apiId)?.avgRating, api.avgRating];
};
/** A guest of the tenant's portal. */
const asGuest = () => ({ as: NOBODY, headers: { 'x-wso2-tenant': domain } });

describe('a rating', () => {
  it('is given, and read as it was answered', async () => {
    const answer = await rate(ann, 4);

    expect(expected(answer, 200)).toEqual({ ratingId: expect.any(String), apiId, ratedBy: ann.username, rating: 4 });
    expect((await mine(ann)).body).toEqual(answer.body);
    expect(await ratings(ann)).toMatchObject({ avgRating: '4.0', userRating: 4, count: 1, list: [answer.body], pagination: { total: 1 } });
  });

  it('takes the place of the one before', async () => {
    const first = await rated(ann, 1);

    const second = await rated(ann, 5);

    expect(second).toEqual({ ...first, rating: 5 });
    expect(await ratings(ann)).toMatchObject({ avgRating: '5.0', count: 1, list: [second] });
  });

  it('stays one when a user gives several at once', async () => {
    const answers = await Promise.all([1, 2, 3, 4, 5, 1, 2, 3].map((rating) => rate(ann, rating)));

    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    const { count, list, userRating, avgRating } = await ratings(ann);
    expect({ count, rating: list[0]?.rating, avgRating }).toEqual({ count: 1, rating: userRating, avgRating: `${userRating}.0` });
    expect(new Set(answers.map(({ body }) => body.ratingId)).size).toBe(1);
  });

  it('is 0 before it is given', async () => {
    expect(expected(await mine(ann), 200)).toEqual({ ratingId: null, apiId, ratedBy: ann.username, rating: 0 });
    expect(await ratings(ann)).toMatchObject({ avgRating: '0.0', userRating: 0, count: 0, list: [] });
    expect(await shown()).toEqual(['0.0', '0.0']);
  });

  it('is taken back, and taking back nothing changes nothing', async () => {
    await rated(ann, 2);
    await rated(ben, 5);

    expect((await withdraw(ann)).status).toBe(200);
    expect((await withdraw(ann)).status).toBe(200);

    expect(await ratings(ann)).toMatchObject({ avgRating: '5.0', userRating: 0, count: 1 });
    expect((await mine(ann)).body.rating).toBe(0);
  });

  it('is not taken back under an outdated tag', async () => {
    await rated(ann, 2);
    const { headers } = await mine(ann);
    await rated(ann, 3);

    expect(await withdraw(ann, { headers: { 'if-match': String(headers['etag']) } })).toFailWith(PreconditionFailed);

    expect((await mine(ann)).body.rating).toBe(3);
    const { headers: current } = await mine(ann);
    expect((await withdraw(ann, { headers: { 'if-match': String(current['etag']) } })).status).toBe(200);
  });

  it('may be sent back with what only answers carry', async () => {
    const given = await rated(ann, 2);

    const answer = await rate(ann, 0, { body: { ...given, ratedBy: 'somebody else', rating: 3 } });

    expect(expected(answer, 200)).toEqual({ ...given, rating: 3 });
  });
});

describe('the average', () => {
  it('is over all ratings, with one decimal, wherever the API is shown', async () => {
    await rated(ann, 5);
    await rated(ben, 4);
    expect(await shown()).toEqual(['4.5', '4.5']);

    await rated(admin, 4);

    expect(await shown()).toEqual(['4.3', '4.3']);
    expect((await ratings(ben)).avgRating).toBe('4.3');
  });

  it('is shown of the API of a subscription', async () => {
    const application = await given.application(ann);
    const { subscriptionId } = await given.subscription({ id: apiId }, application, { by: ann });
    await rated(ben, 3);

    const one = await ann.devportal<{ apiInfo: Listed }>('GET /subscriptions/{subscriptionId}', { path: { subscriptionId } });

    expect(expected(one, 200).apiInfo.avgRating).toBe('3.0');
  });

  it('is that of its own API', async () => {
    const other = await published();
    await rated(ann, 1);
    await rated(ann, 5, other);

    const { list } = expected(await ann.devportal<{ list: readonly Listed[] }>('GET /apis', { query: { limit: 1000 } }), 200);

    const averages = new Map(list.map(({ id, avgRating }) => [id, avgRating]));
    expect([averages.get(apiId), averages.get(other)]).toEqual(['1.0', '5.0']);
  });

  it('does not go along into a new version', async () => {
    await rated(ann, 5);

    const copied = await admin.publisher<{ id: string }>('POST /apis/copy-api', { query: { apiId, newVersion: '2.0.0' } });

    const copy = expected(copied, 201).id;
    await act(copy, 'Publish');
    expect(await ratings(ann, { path: { apiId: copy } })).toMatchObject({ avgRating: '0.0', userRating: 0, count: 0 });
    expect((await ratings(ann)).avgRating).toBe('5.0');
  });

  it('is there for a product as for an API', async () => {
    const made = await product(admin, [member(await given.api({ by: admin }), 'GET /*')], { policies: ['Gold'] });
    expected(await change(admin, made.id, 'Publish'), 200);

    await rated(ann, 4, made.id);

    const one = await ann.devportal<Listed>('GET /apis/{apiId}', { path: { apiId: made.id } });
    expect(expected(one, 200).avgRating).toBe('4.0');
    expect(await ratings(ann, { path: { apiId: made.id } })).toMatchObject({ userRating: 4, count: 1 });
  });

  it('survives a change of the API', async () => {
    await rated(ann, 5);
    const api = expected(await admin.publisher('GET /apis/{apiId}', { path: { apiId } }), 200);

    expected(await admin.publisher('PUT /apis/{apiId}', { path: { apiId }, body: { ...api, description: 'new' } }), 200);

    expect(await shown()).toEqual(['5.0', '5.0']);
  });
});

describe('what goes', () => {
  const rows = (id: string) =>
    withDatabase(async (database) => (await database.query('SELECT 1 FROM api_ratings WHERE api_id = $1', [id])).rowCount);

  it('goes with the API', async () => {
    await rated(ann, 5);
    expect(await rows(apiId)).toBe(1);

    expected(await admin.publisher('DELETE /apis/{apiId}', { path: { apiId } }), 200);

    expect(await rows(apiId)).toBe(0);
    expect(await ann.devportal(`GET ${ALL}`, { path: { apiId } })).toFailWith(ApiNotFound(apiId));
  });

  it('the rating of a user does not go with the user', async () => {
    const leaver = await given.user({ roles: ['Internal/subscriber'], by: admin });
    await rated(leaver, 2);
    const name = leaver.username.split('@')[0];
    const found = expected(
      await admin.scim<{ Resources: readonly { id: string }[] }>('GET /Users', { query: { filter: `userName eq ${name}` } }),
      200,
    );
    expected(await admin.scim('DELETE /Users/{id}', { path: { id: String(found.Resources[0]?.id) } }), 204);

    expect(await ratings(ann)).toMatchObject({ avgRating: '2.0', count: 1, list: [{ ratedBy: leaver.username, rating: 2 }] });
  });
});

describe('the list', () => {
  it('has the newest first, a page at a time', async () => {
    for (const [by, rating] of [
      [admin, 1],
      [ann, 2],
      [ben, 3],
    ] as const)
      await rated(by, rating);

    const first = await ratings(ann, { query: { limit: 2 } });
    const second = await ratings(ann, { query: { limit: 2, offset: 2 } });
    const none = await ratings(ann, { query: { limit: 0 } });

    expect(first.list.map(({ rating }) => rating)).toEqual([3, 2]);
    expect(first).toMatchObject({
      avgRating: '2.0',
      userRating: 2,
      count: 2,
      pagination: { offset: 0, limit: 2, total: 3, next: `/apis/${apiId}/ratings?limit=2&offset=2` },
    });
    expect(second.list.map(({ rating }) => rating)).toEqual([1]);
    expect(none).toMatchObject({ avgRating: '2.0', count: 0, list: [], pagination: { total: 3 } });
  });

  it('is open to guests, who have no rating of their own', async () => {
    await rated(ann, 4);

    expect(await ratings(ann, asGuest())).toMatchObject({ avgRating: '4.0', userRating: 0, count: 1, list: [{ ratedBy: ann.username }] });
  });
});

describe('refuses', () => {
  it.each([0, 6, -1])('a rating of %p', async (rating) => {
    await rated(ann, 3);

    expect(await rate(ann, rating)).toFailWith(RatingOutOfRange());

    expect((await mine(ann)).body.rating).toBe(3);
  });

  it.each([
    ['half a star', { rating: 4.5 }],
    ['a text', { rating: 'five' }],
    ['null', { rating: null }],
    ['nothing', {}],
    ['an unknown property', { rating: 4, stars: 4 }],
  ])('%s', async (_, body) => {
    expect(await rate(ann, 0, { body })).toFailWith({ status: 400, code: 400 });
    expect((await mine(ann)).body.rating).toBe(0);
  });

  it('a window that is none', async () => {
    expect(await ann.devportal(`GET ${ALL}`, { path: { apiId }, query: { limit: 'many' } })).toFailWith({ status: 400, code: 400 });
  });
});

describe('who may', () => {
  const everything = (id: string): readonly (readonly [string, RequestOptions])[] => [
    [`GET ${ALL}`, { path: { apiId: id } }],
    [`GET ${MINE}`, { path: { apiId: id } }],
    [`PUT ${MINE}`, { path: { apiId: id }, body: { rating: 5 } }],
    [`DELETE ${MINE}`, { path: { apiId: id } }],
  ];

  it('nobody without the scope but read the list', async () => {
    const by = ann.withScopes('apim:app_manage');

    for (const [operation, options] of everything(apiId).slice(1)) {
      expect(await by.devportal(operation, options)).toFailWith(Unauthenticated());
      expect(await ann.devportal(operation, { ...options, ...asGuest() })).toFailWith(Unauthenticated());
    }
    expect((await by.devportal(`GET ${ALL}`, { path: { apiId } })).status).toBe(200);
  });

  it('nobody who may not see the API', async () => {
    const restricted = await published({ visibility: 'RESTRICTED', visibleRoles: ['admin'] });

    for (const id of [restricted, randomUUID(), 'nothing']) {
      for (const [operation, options] of everything(id)) {
        expect(await ann.devportal(operation, options)).toFailWith(ApiNotFound(id));
      }
    }
    expect(await ann.devportal(`GET ${ALL}`, { path: { apiId: restricted }, ...asGuest() })).toFailWith(ApiNotFound(restricted));
    await rated(admin, 5, restricted);
  });

  it('nobody while the API is not published, or retired', async () => {
    const { id: created } = await given.api({ by: admin });
    const retired = await published();
    await act(retired, 'Deprecate');
    await rated(ann, 1, retired);
    await act(retired, 'Retire');

    for (const id of [created, retired]) {
      for (const [operation, options] of everything(id)) expect(await ann.devportal(operation, options)).toFailWith(HiddenApi());
    }
  });

  it('users of other tenants where they are guests, and nowhere else', async () => {
    const { admin: stranger } = await given.organization();
    const hidden = await published({ visibility: 'PRIVATE' });
    const headers = { 'x-wso2-tenant': domain };

    for (const [operation, options] of everything(apiId)) {
      expect(await stranger.devportal(operation, options)).toFailWith(ApiNotFound(apiId));
    }
    for (const [operation, options] of everything(hidden)) {
      expect(await stranger.devportal(operation, { ...options, headers })).toFailWith(ApiNotFound(hidden));
    }
    expect(expected(await rate(stranger, 5, { headers }), 200)).toMatchObject({ ratedBy: stranger.username, rating: 5 });
    await rated(ann, 2);
    expect((await mine(stranger, { headers })).body.rating).toBe(5);
    expect(await ratings(ann)).toMatchObject({ avgRating: '3.5', userRating: 2, count: 2 });
    expect((await withdraw(stranger, { headers })).status).toBe(200);
    expect(await ratings(ann)).toMatchObject({ avgRating: '2.0', count: 1 });
    expect(await mine(ann, { headers: { 'x-wso2-tenant': 'nowhere.example' } })).toFailWith({ status: 400, code: 901300 });
  });
});
