import { randomUUID } from 'node:crypto';
import { ApiNotFound } from '../../src/apis/apis.problems.js';
import { LiveApiNeedsPublisher } from '../../src/apis/apis-for-change.js';
import {
  ThumbnailEmpty,
  ThumbnailExtension,
  ThumbnailMismatch,
  ThumbnailTooLarge,
  ThumbnailTooWide,
} from '../../src/apis/thumbnails/thumbnails.problems.js';
import { Unauthenticated } from '../../src/domain/problem.js';
import { type Actor, expected } from '../support/actor.js';
import { given } from '../support/given.js';
import { png } from '../support/pictures.js';

const put = (by: Actor, apiId: string, content: Uint8Array, name = 'picture.png', headers: Readonly<Record<string, string>> = {}) =>
  by.publisher('PUT /apis/{apiId}/thumbnail', { path: { apiId }, form: { file: { file: content, name } }, headers });

const get = (by: Actor, apiId: string, headers: Readonly<Record<string, string>> = {}) =>
  by.publisher<unknown>('GET /apis/{apiId}/thumbnail', { path: { apiId }, headers });

const read = async (by: Actor, apiId: string) => expected(await by.publisher('GET /apis/{apiId}', { path: { apiId } }), 200);

describe('/apis/{apiId}/thumbnail', () => {
  it('keeps a picture and gives it back as it was', async () => {
    const { admin } = await given.organization();
    const { id } = await given.api({ by: admin });
    const content = png();

    const answer = await put(admin, id, content);

    expect(answer.status).toBe(201);
    expect(answer.headers['location']).toBe(`/apis/${id}/thumbnail`);
    expect(answer.body).toEqual({ relativePath: `/apis/${id}/thumbnail`, mediaType: 'image/png' });
    const picture = await get(admin, id);
    expect(picture.status).toBe(200);
    expect(picture.headers).toMatchObject({ 'content-type': 'image/png', 'content-length': String(content.length) });
    expect(picture.headers['content-security-policy']).toContain('sandbox');
    expect(picture.body).toEqual(content);
  });

  it('has none at first, and says so in the API', async () => {
    const { admin } = await given.organization();
    const { id } = await given.api({ by: admin });

    expect(await get(admin, id)).toMatchObject({ status: 204, body: undefined });
    expect((await read(admin, id))['hasThumbnail']).toBe(false);
    expected(await put(admin, id, png()), 201);
    expect((await read(admin, id))['hasThumbnail']).toBe(true);
    const list = expected(await admin.publisher('GET /apis'), 200);
    expect(list).toMatchObject({ list: [{ id, hasThumbnail: true }] });
  });

  it('takes another one in its place', async () => {
    const { admin } = await given.organization();
    const { id } = await given.api({ by: admin });
    expected(await put(admin, id, png()), 201);
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>');

    expected(await put(admin, id, svg, 'picture.SVG'), 201);

    const picture = await get(admin, id);
    expect(picture.headers['content-type']).toBe('image/svg+xml');
    expect(String(picture.body)).toBe(String(svg));
  });

  it('outlives updates, which cannot say otherwise, and goes along with a copy that may change its own', async () => {
    const { admin } = await given.organization();
    const { id } = await given.api({ by: admin });
    expected(await put(admin, id, png()), 201);
    const body = { ...(await read(admin, id)), hasThumbnail: false, description: 'changed' };

    const updated = expected(await admin.publisher('PUT /apis/{apiId}', { path: { apiId: id }, body }), 200);
    const copied = expected(
      await admin.publisher<{ id: string }>('POST /apis/copy-api', { query: { apiId: id, newVersion: '2.0.0' } }),
      201,
    );
    expected(await put(admin, copied.id, png(7)), 201);

    expect(updated['hasThumbnail']).toBe(true);
    expect(copied).toMatchObject({ hasThumbnail: true });
    expect((await get(admin, id)).body).toEqual(png());
    expect((await get(admin, copied.id)).body).toEqual(png(7));
  });

  it('is copied as it is', async () => {
    const { admin } = await given.organization();
    const { id: apiId } = await given.api({ by: admin });
    expected(await put(admin, apiId, png()), 201);

    const { id } = expected(await admin.publisher<{ id: string }>('POST /apis/copy-api', { query: { apiId, newVersion: '2' } }), 201);
    expected(await admin.publisher('DELETE /apis/{apiId}', { path: { apiId } }), 200);

    expect((await get(admin, id)).body).toEqual(png());
  });

  it('answers 304 to who has it, and 412 to who has an older one', async () => {
    const { admin } = await given.organization();
    const { id } = await given.api({ by: admin });
    expected(await put(admin, id, png()), 201);
    const { etag = '' } = (await get(admin, id)).headers;

    expect((await get(admin, id, { 'if-none-match': etag })).status).toBe(304);
    expect((await put(admin, id, png(7), 'picture.png', { 'if-match': etag })).status).toBe(201);
    expect((await get(admin, id, { 'if-none-match': etag })).status).toBe(200);
    expect(await put(admin, id, png(), 'picture.png', { 'if-match': etag })).toFailWith({ status: 412 });
    expect((await get(admin, id)).body).toEqual(png(7));
  });

  it.each([
    ['an extension that is no picture’s', 'picture.txt', png(), ThumbnailExtension('txt')],
    ['an empty one', 'picture.png', Buffer.alloc(0), ThumbnailEmpty()],
    ['one above a megabyte', 'picture.png', Buffer.concat([png(), Buffer.alloc(1_048_576)]), ThumbnailTooLarge()],
    ['one with too many pixels', 'picture.png', png(5000), ThumbnailTooWide()],
    ['content of another kind', 'picture.gif', png(), ThumbnailMismatch('gif', 'image/png')],
  ])('refuses %s and keeps the one it has', async (_, name, content, problem) => {
    const { admin } = await given.organization();
    const { id } = await given.api({ by: admin });
    expected(await put(admin, id, png(3)), 201);

    expect(await put(admin, id, content, name)).toFailWith(problem);
    expect((await get(admin, id)).body).toEqual(png(3));
  });

  it('refuses a form without a file', async () => {
    const { admin } = await given.organization();
    const { id: apiId } = await given.api({ by: admin });

    const answer = await admin.publisher('PUT /apis/{apiId}/thumbnail', { path: { apiId }, form: { other: 'text' } });

    expect(answer).toFailWith({ status: 400, code: 400 });
  });

  it('does not find what is unknown or another tenant’s', async () => {
    const { admin } = await given.organization();
    const stranger = (await given.organization()).admin;
    const { id } = await given.api({ by: admin });
    expected(await put(admin, id, png()), 201);
    const unknown = randomUUID();

    expect(await get(admin, unknown)).toFailWith(ApiNotFound(unknown));
    expect(await get(stranger, id)).toFailWith(ApiNotFound(id));
    expect(await put(stranger, id, png(7))).toFailWith(ApiNotFound(id));
    expect((await get(admin, id)).body).toEqual(png());
  });

  it('refuses tokens of another scope, and a creator once the API is published', async () => {
    const { admin } = await given.organization();
    const creator = await given.user({ roles: ['Internal/creator'], by: admin });
    const { id } = await given.publishedApi({ by: admin });

    expect(await get(admin.withScopes('apim:api_create'), id)).toFailWith(Unauthenticated());
    expect(await put(admin.withScopes('apim:api_view'), id, png())).toFailWith(Unauthenticated());
    expect(await put(creator, id, png())).toFailWith(LiveApiNeedsPublisher('PUBLISHED'));
    expect((await get(admin, id)).status).toBe(204);
  });
});
