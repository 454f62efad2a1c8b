import { request } from 'node:https';
import { generate } from 'selfsigned';
import { apiRow, operation, startBackend, TestGateway } from './engine.fixture.js';

it('serves the same over TLS, and moves a relative Location to its own https address', async () => {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }]);
  const backend = await startBackend((_request, reply) => reply.writeHead(302, { Location: '/next' }).end());
  const operations = [operation('GET', '/open', { authType: 'None' })];
  const gateway = await TestGateway.start([apiRow(backend.url, { operations, transports: ['https'] })], {
    httpsPort: 0,
    tls: { key, cert },
  });
  const listening = gateway.messages.find((message) => message.type === 'listening');
  const port = listening?.httpsPort ?? 0;

  const location = await new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path: '/pizza/1.0.0/open', rejectUnauthorized: false, agent: false as const };
    request(options, (answer) => {
      answer.resume();
      resolve(answer.headers.location);
    })
      .on('error', reject)
      .end();
  });

  expect(location).toBe(`https://127.0.0.1:${port}/next`);
  expect((await gateway.call('/pizza/1.0.0/open')).status).toBe(403);
  await gateway.stop();
  await backend.stop();
});
