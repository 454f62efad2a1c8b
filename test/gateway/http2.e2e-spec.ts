import { connect, type OutgoingHttpHeaders } from 'node:http2';
import { given } from '../support/given.js';
import { server } from '../support/server.js';

const ask = (headers: OutgoingHttpHeaders): Promise<{ readonly status: unknown; readonly body: string }> =>
  new Promise((resolve, reject) => {
    const client = connect(server.gatewayTls, { rejectUnauthorized: false });
    client.on('error', reject);
    const stream = client.request(headers);
    let [status, body]: [unknown, string] = [0, ''];
    stream.on('response', (head) => {
      status = head[':status'];
    });
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk;
    });
    stream.on('error', reject);
    stream.on('end', () => {
      client.close();
      resolve({ status, body });
    });
  });

it('an API is called, and refused, in HTTP/2', async () => {
  const backend = await given.backend();
  const operations = [
    { target: '/open', verb: 'GET', authType: 'None', throttlingPolicy: 'Unlimited' },
    { target: '/secured', verb: 'GET', authType: 'Application & Application User', throttlingPolicy: 'Unlimited' },
  ];
  const api = await given.publishedApi({ backend, with: { operations } });

  const answer = await ask({ ':path': `${api.url}/open?a=1`, 'x-mine': 'yes' });
  const refused = await ask({ ':path': `${api.url}/secured` });

  expect(answer).toEqual({ status: 200, body: JSON.stringify({ method: 'GET', url: '/open?a=1' }) });
  expect(backend.requests[0]?.headers).toMatchObject({ 'x-mine': 'yes' });
  expect(refused.status).toBe(401);
  expect(JSON.parse(refused.body)).toMatchObject({ code: '900902' });
});
