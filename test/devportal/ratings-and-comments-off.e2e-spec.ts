import { CommentNotFound, CommentsSwitchedOff } from '../../src/apis/comments/comments.problems.js';
import { RatingsSwitchedOff } from '../../src/apis/ratings/ratings.problems.js';
import { Cli } from '../server/cli.js';
import { expected } from '../support/actor.js';
import { Client } from '../support/client.js';

interface Comments {
  readonly count: number;
  readonly list: readonly { readonly content: string }[];
}

const faces = (cli: Cli) => {
  const administrator = () => ({ basic: { username: 'admin', password: 'admin' } });
  const face = (base: string) => new Client(base, administrator, cli.management);
  return { publisher: face('/api/am/publisher/v4'), devportal: face('/api/am/devportal/v3') };
};

it('what was said is hidden while it is switched off, and nothing is added', async () => {
  const open = await Cli.start();
  const before = faces(open);
  const properties = { name: 'Books', context: '/books', version: '1.0.0', policies: ['Unlimited'] };
  const endpointConfig = { endpoint_type: 'http', production_endpoints: { url: 'http://127.0.0.1:9' } };
  const made = await before.publisher.request<{ id: string }>('POST /apis', { body: { ...properties, endpointConfig } });
  const path = { apiId: expected(made, 201).id };
  expected(await before.publisher.request('POST /apis/change-lifecycle', { query: { ...path, action: 'Publish' } }), 200);
  expected(await before.devportal.request('PUT /apis/{apiId}/user-rating', { path, body: { rating: 4 } }), 200);
  const said = await before.devportal.request<{ id: string }>('POST /apis/{apiId}/comments', { path, body: { content: 'Hello' } });
  const comment = { ...path, commentId: expected(said, 201).id };
  await open.stop();

  const closed = await Cli.start(
    { APIM_APIM__DEVPORTAL__ENABLE_RATINGS: 'false', APIM_APIM__DEVPORTAL__ENABLE_COMMENTS: 'false' },
    open.dataDir,
  );

  const { publisher, devportal } = faces(closed);
  const ask = (operation: string, body?: unknown) => devportal.request(operation, { path: comment, ...(body !== undefined && { body }) });
  expect(await ask('GET /apis/{apiId}/ratings')).toMatchObject({
    status: 200,
    body: { avgRating: '0.0', userRating: 0, count: 0, list: [] },
  });
  expect(await ask('GET /apis/{apiId}/user-rating')).toMatchObject({ status: 200, body: { rating: 0 } });
  expect(await ask('GET /apis/{apiId}')).toMatchObject({ status: 200, body: { avgRating: '0.0' } });
  expect(await ask('GET /apis')).toMatchObject({ status: 200, body: { list: [{ avgRating: '0.0' }] } });
  expect(await ask('PUT /apis/{apiId}/user-rating', { rating: 1 })).toFailWith(RatingsSwitchedOff());
  expect(await ask('DELETE /apis/{apiId}/user-rating')).toFailWith(RatingsSwitchedOff());

  expect(await ask('GET /apis/{apiId}/comments')).toMatchObject({ status: 200, body: { count: 0, list: [], pagination: { total: 0 } } });
  for (const operation of ['GET /apis/{apiId}/comments/{commentId}', 'GET /apis/{apiId}/comments/{commentId}/replies']) {
    expect(await ask(operation)).toFailWith(CommentNotFound(comment.commentId));
  }
  expect(await ask('POST /apis/{apiId}/comments', { content: 'x' })).toFailWith(CommentsSwitchedOff());
  expect(await ask('PATCH /apis/{apiId}/comments/{commentId}', { content: 'x' })).toFailWith(CommentsSwitchedOff());
  expect(await ask('DELETE /apis/{apiId}/comments/{commentId}')).toFailWith(CommentsSwitchedOff());

  const inside = await publisher.request<Comments>('GET /apis/{apiId}/comments', { path });
  expect(expected(inside, 200)).toMatchObject({ count: 1, list: [{ content: 'Hello' }] });
  expect(closed.output).not.toContain('enable_ratings');
});
