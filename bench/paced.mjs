// node bench/paced.mjs <url> <token> <requests a second> <seconds>: requests at their times, whether or not earlier ones were answered; prints latencies.
import { Agent, request } from 'node:http';
import { percentile } from './statistics.mjs';

const [url, token, rate, seconds] = [process.argv[2], process.argv[3], Number(process.argv[4]), Number(process.argv[5])];
const agent = new Agent({ keepAlive: true, maxSockets: 64 });
const latencies = [];
let failures = 0;
let pending = 0;

const one = (dueAt) => {
  pending++;
  const done = (isGood) => {
    pending--;
    if (isGood) latencies.push(performance.now() - dueAt);
    else failures++;
  };
  request(url, { agent, headers: { authorization: `Bearer ${token}` } }, (response) => {
    response.resume();
    response.once('end', () => done(response.statusCode === 200));
  })
    .once('error', () => done(false))
    .end();
};

const began = performance.now();
let sent = 0;
await new Promise((resolve) => {
  const timer = setInterval(() => {
    const due = Math.min(rate * seconds, Math.floor(((performance.now() - began) / 1_000) * rate));
    for (; sent < due; sent++) one(began + (sent / rate) * 1_000);
    if (sent < rate * seconds || pending > 0) return;
    clearInterval(timer);
    resolve();
  }, 1);
});
console.log(JSON.stringify({ requests: latencies.length, failures, p50Ms: percentile(latencies, 50), p99Ms: percentile(latencies, 99) }));
process.exit(0);
