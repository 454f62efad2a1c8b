import { apiRow, operation, startBackend, TestGateway } from './engine.fixture.js';

it.each([
  ['a.example', 'A'],
  ['A.Example:8280', 'A'],
  ['b.example', 'B'],
  ['other.example', 'B'],
])('of one API on two virtual hosts %s gets %s; an unknown host the later deployment', async (host, expected) => {
  const backends = await Promise.all(['A', 'B'].map((name) => startBackend((_request, reply) => reply.end(name))));
  const operations = [operation('GET', '/*', { authType: 'None' })];
  const rows = ['a', 'b'].map((name, i) => apiRow(backends[i]?.url ?? '', { operations, environment: name, vhost: `${name}.example` }));
  const gateway = await TestGateway.start(rows, { labels: ['a', 'b'] });

  const answer = await gateway.call('/pizza/1.0.0/menu', { headers: { host } });

  expect(answer.body).toBe(expected);
  await gateway.stop();
  for (const backend of backends) await backend.stop();
});

it('one API answers on every host', async () => {
  const backend = await startBackend();
  const gateway = await TestGateway.start([
    apiRow(backend.url, { vhost: 'a.example', operations: [operation('GET', '/*', { authType: 'None' })] }),
  ]);

  expect((await gateway.call('/pizza/1.0.0/menu', { headers: { host: 'b.example' } })).body).toBe('hello');
  await gateway.stop();
  await backend.stop();
});
