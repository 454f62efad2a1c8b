import { mkdtempSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freeOffset, Hopeless, launch, until } from './processes.mjs';

export const CLI = fileURLToPath(new URL('../dist/cli.js', import.meta.url));

/** One HTTPS request to the management port; the body is parsed when it is JSON. */
export const call = (server, method, path, { body, token, form, basic, type = 'application/json' } = {}) =>
  new Promise((resolve, reject) => {
    const payload = form
      ? new URLSearchParams(form).toString()
      : typeof body === 'string' || Buffer.isBuffer(body)
        ? body
        : body && JSON.stringify(body);
    const headers = {
      ...(payload && { 'Content-Type': form ? 'application/x-www-form-urlencoded' : type, 'Content-Length': Buffer.byteLength(payload) }),
      ...(token && { Authorization: `Bearer ${token}` }),
      ...(basic && { Authorization: `Basic ${Buffer.from(basic).toString('base64')}` }),
    };
    const request = httpsRequest(
      { host: '127.0.0.1', port: 9443 + server.offset, method, path, headers, rejectUnauthorized: false },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () => {
          if (response.statusCode >= 400) return reject(new Error(`${method} ${path}: ${response.statusCode} ${text.slice(0, 300)}`));
          resolve(/json/.test(response.headers['content-type'] ?? '') && text ? JSON.parse(text) : text);
        });
      },
    );
    request.once('error', reject);
    request.end(payload);
  });

/** Starts a server of ours on free ports and its own (or the given) data folder, and waits for `/readyz`. */
export const startServer = async ({
  core,
  env = {},
  dataDir = mkdtempSync(join(tmpdir(), 'gatehouse-bench-')),
  command = [process.execPath, CLI, 'start'],
} = {}) => {
  const offset = await freeOffset();
  const began = performance.now();
  const child = launch(command, { core, env: { APIM_SERVER__OFFSET: String(offset), APIM_SERVER__DATA_DIR: dataDir, ...env } });
  const server = { child, offset, dataDir, gatewayPort: 8280 + offset };
  await until(async () => {
    if (child.exitCode !== null) throw new Hopeless(`the server ended: ${child.output}`);
    await call(server, 'GET', '/readyz');
    return true;
  }, 'readiness');
  return { ...server, readyMs: performance.now() - began };
};

/** A token of the first administrator with the scopes, from a client registered for it. */
export const adminToken = async (server, scopes) => {
  const { clientId, clientSecret } = await call(server, 'POST', '/client-registration/v0.17/register', {
    basic: 'admin:admin',
    body: { clientName: 'bench', owner: 'admin', grantType: 'password refresh_token', saasApp: true, callbackUrl: '' },
  });
  const { access_token: token } = await call(server, 'POST', '/oauth2/token', {
    basic: `${clientId}:${clientSecret}`,
    form: { grant_type: 'password', username: 'admin', password: 'admin', scope: scopes },
  });
  return token;
};

const API = '/api/am/publisher/v4/apis';

const operation = (verb, operationPolicies) => ({
  target: '/*',
  verb,
  throttlingPolicy: 'Unlimited',
  ...(operationPolicies && { operationPolicies }),
});

/** Creates, deploys and publishes an API of one `/*` resource over the backend, which takes tokens. */
export const publishedApi = (server, token, { policies = ['Unlimited'], operationPolicies, ...api }) =>
  published(server, token, {
    ...api,
    policies,
    operations: [{ ...operation('GET', operationPolicies), authType: 'Application & Application User' }],
  });

/** The same for an API that needs no token and has no limit. */
export const openApi = (server, token, { verbs = ['GET'], ...api }) =>
  published(server, token, {
    ...api,
    policies: ['Unlimited'],
    operations: verbs.map((verb) => ({ ...operation(verb), authType: 'None' })),
  });

const published = async (server, token, { backend, ...api }) => {
  const body = {
    ...api,
    version: '1.0.0',
    endpointConfig: { endpoint_type: 'http', production_endpoints: { url: backend }, sandbox_endpoints: { url: backend } },
  };
  const { id } = await call(server, 'POST', API, { token, body });
  await deploy(server, token, id);
  await call(server, 'POST', `${API}/change-lifecycle?apiId=${id}&action=Publish`, { token });
  return id;
};

/** A new revision of the API, deployed; the promise resolves with the 201. */
export const deploy = async (server, token, id) => {
  const { id: revision } = await call(server, 'POST', `${API}/${id}/revisions`, { token, body: { description: 'bench' } });
  await call(server, 'POST', `${API}/${id}/deploy-revision?revisionId=${revision}`, {
    token,
    body: [{ name: 'Default', vhost: 'localhost', displayOnDevportal: true }],
  });
  return revision;
};
