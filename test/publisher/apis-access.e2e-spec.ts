import { EditOutOfScope } from '../../src/apis/apis.problems.js';
import { LiveApiNeedsPublisher } from '../../src/apis/apis-for-change.js';
import { Forbidden } from '../../src/domain/problem.js';
import { type Actor, expected } from '../support/actor.js';
import type { Body } from '../support/client.js';
import { given } from '../support/given.js';
import { unique } from '../support/unique.js';

let admin: Actor;
let creator: Actor;
let publisher: Actor;
beforeAll(async () => {
  ({ admin } = await given.organization());
  creator = await given.user({ roles: ['Internal/creator'], by: admin });
  publisher = await given.user({ roles: ['Internal/publisher'], by: admin });
});

const read = async (apiId: string): Promise<Body> => expected(await admin.publisher('GET /apis/{apiId}', { path: { apiId } }), 200);
const put = (by: Actor, apiId: string, body: Body) => by.publisher('PUT /apis/{apiId}', { path: { apiId }, body });

describe('an API with access roles', () => {
  const restricted = () => given.api({ by: admin, with: { accessControl: 'RESTRICTED', accessControlRoles: ['Internal/creator'] } });

  it('is for their holders, its owner and administrators', async () => {
    const { id } = await restricted();

    for (const by of [admin, creator]) {
      expect(await by.publisher('GET /apis/{apiId}', { path: { apiId: id } })).toMatchObject({
        status: 200,
        body: { accessControl: 'RESTRICTED', accessControlRoles: ['internal/creator'] },
      });
    }
  });

  it('is closed to others', async () => {
    const { id } = await restricted();
    const body = await read(id);

    const refused = Forbidden('User is not authorized to access the API');
    expect(await publisher.publisher('GET /apis/{apiId}', { path: { apiId: id } })).toFailWith(refused);
    expect(await publisher.publisher('GET /apis/{apiId}/swagger', { path: { apiId: id } })).toFailWith(refused);
    expect(await put(publisher, id, { ...body, tags: ['x'] })).toFailWith(Forbidden(`Authorization failure while updating API : ${id}`));
    expect((await read(id))['tags']).toEqual([]);
  });

  it('is missing from the lists of others', async () => {
    const { id, name } = await restricted();
    const listed = async (by: Actor) =>
      expected(
        await by.publisher<{ list: readonly { id: string }[]; pagination: { total: number } }>('GET /apis', {
          query: { query: `name:${name}` },
        }),
        200,
      );

    expect((await listed(creator)).list.map((api) => api.id)).toEqual([id]);
    expect(await listed(publisher)).toMatchObject({ list: [], pagination: { total: 0 } });
  });
});

describe('a publisher without create rights', () => {
  it('may change what publishers decide', async () => {
    const { id } = await given.api({ by: creator });
    const change = { tags: ['new'], policies: ['Gold'], businessInformation: { businessOwner: 'Ann' } };

    expect(await put(publisher, id, { ...(await read(id)), ...change })).toMatchObject({ status: 200, body: change });
  });

  it.each([
    ['description', { description: 'new' }],
    ['operations', { operations: [{ target: '/x', verb: 'GET' }] }],
    ['endpoints', { endpointConfig: null }],
  ])('may not change the %s', async (_, change) => {
    const { id } = await given.api({ by: creator });
    const before = await read(id);

    expect(await put(publisher, id, { ...before, tags: ['new'], ...change })).toFailWith(EditOutOfScope());

    expect(await read(id)).toEqual(before);
  });

  it('takes nothing away by leaving it out', async () => {
    const scopes = [{ scope: { name: unique('read'), displayName: 'Read', bindings: ['admin'] } }];
    const { id, name, version, context } = await given.api({ by: creator, with: { scopes, description: 'Kept' } });
    const before = await read(id);

    const answer = await put(publisher, id, { name, version, context, policies: ['Gold'] });

    const { endpointConfig, description, cacheTimeout } = before;
    expect(answer).toMatchObject({ status: 200, body: { endpointConfig, description, cacheTimeout, scopes, policies: ['Gold'] } });
  });
});

describe('a creator without publish rights', () => {
  it('may change an API until it is published', async () => {
    const { id } = await given.api({ by: creator });
    expect((await put(creator, id, { ...(await read(id)), description: 'mine' })).status).toBe(200);
    expected(await admin.publisher('POST /apis/change-lifecycle', { query: { apiId: id, action: 'Publish' } }), 200);

    const refused = LiveApiNeedsPublisher('PUBLISHED');
    expect(await put(creator, id, { ...(await read(id)), description: 'changed' })).toFailWith(refused);
    const definition = {
      apiDefinition: JSON.stringify({
        openapi: '3.0.1',
        info: { title: 'A', version: '1' },
        paths: { '/x': { get: { responses: { 200: { description: 'OK' } } } } },
      }),
    };
    expect(await creator.publisher('PUT /apis/{apiId}/swagger', { path: { apiId: id }, form: definition })).toFailWith(refused);
    expect(await creator.publisher('DELETE /apis/{apiId}', { path: { apiId: id } })).toFailWith(refused);
    expect((await read(id))['description']).toBe('mine');
  });
});
