import { Unauthenticated } from '../../src/domain/problem.js';
import { given } from '../support/given.js';

interface Validation {
  readonly statusCode: number;
  readonly statusMessage: string;
  readonly error: string;
}

const probe = (endpointUrl: string | undefined, apiId?: string) =>
  given.superAdmin.publisher<Validation>('POST /apis/validate-endpoint', { query: { endpointUrl, apiId } });

describe('POST /apis/validate-endpoint', () => {
  it.each([
    [200, 'OK'],
    [404, 'Not Found'],
    [503, 'Service Unavailable'],
  ])('tells that the endpoint answers %d', async (status, statusMessage) => {
    const methods: (string | undefined)[] = [];
    const backend = await given.backend((request, response) => {
      methods.push(request.method);
      response.writeHead(status).end('body');
    });

    const answer = await probe(`${backend.url}/path?query`);

    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ statusCode: status, statusMessage, error: '' });
    expect(methods).toEqual(['HEAD']);
  });

  it('follows redirects, but not for ever', async () => {
    const backend = await given.backend((request, response) => {
      if (request.url === '/end') response.end();
      else response.writeHead(302, { location: request.url === '/once' ? '/end' : '/loop' }).end();
    });

    expect((await probe(`${backend.url}/once`)).body.statusCode).toBe(200);
    expect((await probe(`${backend.url}/loop`)).body).toMatchObject({ statusCode: 0, error: expect.stringContaining('/loop') });
  });

  it.each([
    ['nobody listens on', 'http://127.0.0.1:9/'],
    ['is no URL', 'http://{uri.var.host}:x/'],
    ['is of another protocol', 'ftp://127.0.0.1/'],
    ['is on a link-local network', 'http://169.254.169.254/latest/meta-data'],
    ['redirects there', 'redirect'],
  ])('answers 200 with status code 0 for an address that %s', async (_, address) => {
    const backend = await given.backend((__, response) => response.writeHead(302, { location: 'http://169.254.169.254/' }).end());

    const answer = await probe(address === 'redirect' ? backend.url : address);

    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ statusCode: 0, statusMessage: '', error: expect.stringMatching(/./) });
  });

  it('asks the same for whichever API', async () => {
    const backend = await given.backend();

    expect((await probe(backend.url, 'unknown')).body.statusCode).toBe((await probe(backend.url)).body.statusCode);
  });

  it('refuses a request without an address', async () => {
    expect(await probe(undefined)).toFailWith({ status: 400, code: 400, description: 'Validation Error' });
    expect(await probe('')).toFailWith({ status: 400, code: 400, description: 'Validation Error' });
  });

  it('refuses a token of another scope', async () => {
    const viewer = given.superAdmin.withScopes('apim:api_view');

    const answer = await viewer.publisher('POST /apis/validate-endpoint', { query: { endpointUrl: 'http://127.0.0.1:9/' } });

    expect(answer).toFailWith(Unauthenticated());
  });
});
