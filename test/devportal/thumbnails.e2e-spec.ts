import { expected } from '../support/actor.js';
import { NOBODY } from '../support/client.js';
import { given } from '../support/given.js';
import { png } from '../support/pictures.js';

// Who may open an API at all is tested with the API itself.
describe('GET /apis/{apiId}/thumbnail', () => {
  it('shows the picture the publisher gave, to guests too', async () => {
    const { admin, domain } = await given.organization();
    const { id: apiId } = await given.publishedApi({ by: admin });
    const path = { apiId };
    const before = expected(await admin.devportal('GET /apis/{apiId}', { path }), 200);

    expected(await admin.publisher('PUT /apis/{apiId}/thumbnail', { path, form: { file: { file: png(), name: 'a.png' } } }), 201);

    const guest = { path, as: NOBODY, headers: { 'x-wso2-tenant': domain } };
    const picture = await admin.devportal<unknown>('GET /apis/{apiId}/thumbnail', guest);
    expect(picture).toMatchObject({ status: 200, headers: { 'content-type': 'image/png' } });
    expect(picture.body).toEqual(png());
    const known = { path, headers: { 'if-none-match': picture.headers['etag'] ?? '' } };
    expect((await admin.devportal('GET /apis/{apiId}/thumbnail', known)).status).toBe(304);
    expect(before['hasThumbnail']).toBe(false);
    expect(expected(await admin.devportal('GET /apis/{apiId}', { path }), 200)['hasThumbnail']).toBe(true);
    expect(expected(await admin.devportal('GET /apis'), 200)).toMatchObject({ list: [{ thumbnailUri: `/apis/${apiId}/thumbnail` }] });
  });
});
