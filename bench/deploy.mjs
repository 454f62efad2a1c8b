import { Agent, request } from 'node:http';
import { freePort, launch, stop } from './processes.mjs';
import { adminToken, call, deploy as deployRevision, startServer } from './server.mjs';
import { median, percentile } from './statistics.mjs';

const DEPLOYMENTS = 100;
const GIVEN_UP_MS = 10_000;
const API = '/api/am/publisher/v4/apis';

const status = (agent, port, path) =>
  new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, agent }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode));
    })
      .once('error', reject)
      .end();
  });

/** From the 201 of deploy-revision to the first request served, over 100 deployments of new APIs. */
export const deploy = async () => {
  const port = await freePort();
  const backend = launch([process.execPath, new URL('./peers/backend.mjs', import.meta.url).pathname, String(port)]);
  const server = await startServer({ env: { APIM_LOG__LEVEL: 'warn' } });
  const token = await adminToken(server, 'apim:api_view apim:api_create apim:api_publish apim:api_manage');
  const agent = new Agent({ keepAlive: true });
  const times = [];
  for (let index = 0; index < DEPLOYMENTS; index++) {
    const url = `http://127.0.0.1:${port}`;
    const { id } = await call(server, 'POST', API, {
      token,
      body: {
        name: `Deploy${index}`,
        context: `/deploy${index}`,
        version: '1',
        policies: ['Unlimited'],
        endpointConfig: { endpoint_type: 'http', production_endpoints: { url } },
        operations: [{ target: '/*', verb: 'GET', authType: 'None', throttlingPolicy: 'Unlimited' }],
      },
    });
    await call(server, 'POST', `${API}/change-lifecycle?apiId=${id}&action=Publish`, { token });
    await deployRevision(server, token, id);
    const began = performance.now();
    while ((await status(agent, server.gatewayPort, `/deploy${index}/1/x`)) !== 200) {
      if (performance.now() - began > GIVEN_UP_MS) throw new Error(`deployment ${index} is not served after ${GIVEN_UP_MS} ms`);
    }
    times.push(performance.now() - began);
  }
  agent.destroy();
  await stop(server.child);
  await stop(backend);
  return {
    deployments: DEPLOYMENTS,
    p50Ms: Number(median(times).toFixed(1)),
    p95Ms: Number(percentile(times, 95).toFixed(1)),
    maxMs: Number(Math.max(...times).toFixed(1)),
  };
};
