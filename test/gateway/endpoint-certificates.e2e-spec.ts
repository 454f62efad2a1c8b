import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { generate } from 'selfsigned';
import { expected } from '../support/actor.js';
import { upload } from '../support/certificates.js';
import { eventually } from '../support/eventually.js';
import { gateway } from '../support/gateway.js';
import { given } from '../support/given.js';
import { unique } from '../support/unique.js';

it('a backend is trusted by the certificate that the tenant uploaded for it, as long as that is there', async () => {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
    algorithm: 'sha256',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
  });
  const backend = createServer({ cert, key }, (_request, reply) => reply.end('{"secure":true}'));
  await new Promise<void>((resolve) => backend.listen(0, 'localhost', resolve));
  const { port } = backend.address() as AddressInfo; // it listens on TCP
  try {
    const { admin } = await given.organization();
    const operations = [{ target: '/*', verb: 'GET', authType: 'None', throttlingPolicy: 'Unlimited' }];
    const endpoint = `https://localhost:${port}`;
    const endpointConfig = { endpoint_type: 'http', production_endpoints: { url: endpoint } };
    const api = await given.publishedApi({ by: admin, with: { endpointConfig, operations } });
    const call = () => gateway(`${api.url}/x`);

    const before = await call();
    expect([before.status, before.body['code']]).toEqual([500, '101503']);

    const alias = unique('backend');
    expected(await admin.publisher('POST /endpoint-certificates', { form: { certificate: upload(cert), alias, endpoint } }), 201);
    await eventually(call, ({ status }) => status === 200);

    expected(await admin.publisher('DELETE /endpoint-certificates/{alias}', { path: { alias } }), 200);
    await eventually(call, ({ status, body }) => status === 500 && body['code'] === '101503');
  } finally {
    backend.closeAllConnections();
    backend.close();
  }
});
