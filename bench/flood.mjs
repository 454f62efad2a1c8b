// node bench/flood.mjs logins|tokens <management port> <connections> <seconds> [<client id>:<secret>]: as many logins or tokens as the server gives; prints how many.
import { Agent, request } from 'node:https';

const [kind, port, connections, seconds, client] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: Number(connections), rejectUnauthorized: false });
const end = performance.now() + Number(seconds) * 1_000;
const statuses = {};
let n = 0;

const exchange = () => {
  const isLogin = kind === 'logins';
  const body = isLogin ? '' : 'grant_type=client_credentials';
  const credentials = isLogin ? `nobody-${process.pid}-${n++}:wrong` : client;
  return {
    ...{ host: '127.0.0.1', port: Number(port), agent, method: isLogin ? 'GET' : 'POST', path: isLogin ? '/scim2/Me' : '/oauth2/token' },
    headers: {
      authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
      'x-forwarded-for': '192.0.2.1',
      ...(!isLogin && { 'content-type': 'application/x-www-form-urlencoded', 'content-length': body.length }),
    },
    body,
  };
};

const one = () =>
  new Promise((resolve) => {
    const { body, ...options } = exchange();
    request(options, (response) => {
      statuses[response.statusCode] = (statuses[response.statusCode] ?? 0) + 1;
      response.resume();
      response.once('end', resolve);
    })
      .once('error', resolve)
      .end(body);
  });

await Promise.all(
  Array.from({ length: Number(connections) }, async () => {
    while (performance.now() < end) await one();
  }),
);
console.log(JSON.stringify(statuses));
process.exit(0);
