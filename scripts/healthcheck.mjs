// Ends with 0 when the server in this container answers /readyz with 200. The server made its own certificate, so it is not checked.
import { get } from 'node:https';

const TIMEOUT_MS = 3_000;
const base = Number(process.env.APIM_TRANSPORT__HTTPS__PROPERTIES__PORT ?? 9443);
const port = base + Number(process.env.APIM_SERVER__OFFSET ?? 0);

const request = get({ host: '127.0.0.1', port, path: '/readyz', rejectUnauthorized: false, timeout: TIMEOUT_MS }, (response) => {
  process.exit(response.statusCode === 200 ? 0 : 1);
});
request.on('timeout', () => request.destroy());
request.on('error', () => process.exit(1));
