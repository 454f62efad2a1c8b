// Asks a token endpoint over kept connections, as fast as it answers or at a fixed rate. Settings come as JSON on the command line, the figures go out as JSON.
import { Agent, request } from 'node:https';
import { percentile } from '../statistics.mjs';

const { port, seconds, connections, perSecond, clients } = JSON.parse(process.argv[2]);
const agent = new Agent({ keepAlive: true, maxSockets: connections, rejectUnauthorized: false });
const body = 'grant_type=client_credentials';
const times = [];
let failures = 0;
let sent = 0;

const ask = () =>
  new Promise((resolve) => {
    const began = performance.now();
    const { clientId, clientSecret } = clients[sent++ % clients.length];
    const headers = {
      Authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
      'Content-Type': 'application/x-www-form-urlencoded',
      'Content-Length': body.length,
    };
    const done = (ok) => {
      if (!ok) failures += 1;
      times.push(performance.now() - began);
      resolve();
    };
    request({ host: '127.0.0.1', port, path: '/oauth2/token', method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.once('end', () => done(response.statusCode === 200));
    })
      .once('error', () => done(false))
      .end(body);
  });

const began = performance.now();
const end = began + seconds * 1_000;
if (perSecond) {
  const running = [];
  for (let i = 0; performance.now() < end; i += 1) {
    const wait = began + (i * 1_000) / perSecond - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    running.push(ask());
  }
  await Promise.all(running);
} else {
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (performance.now() < end) await ask();
    }),
  );
}
const ms = performance.now() - began;
console.log(JSON.stringify({ requests: times.length, failures, ms, p50Ms: percentile(times, 50), p99Ms: percentile(times, 99) }));
agent.destroy();
