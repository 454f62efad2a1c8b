import { request } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { populate } from './population.mjs';
import { freePort, launch, residentMb, stop, until } from './processes.mjs';
import { adminToken, openApi, startServer } from './server.mjs';
import { median } from './statistics.mjs';

const MB = 1024 * 1024;
const BYTES = 100 * MB;
const CHUNK = Buffer.alloc(64 * 1024, 'x');
const SAMPLE_MS = 20;
const SCOPES = 'apim:api_view apim:api_create apim:api_publish apim:api_manage';

/** 100 MB from the backend and 100 MB to it, as often as there are rounds: how fast, and how much the memory of the process that holds the gateway grows. */
export const bodies = async ({ rounds }) => {
  const port = await freePort();
  const backend = launch([process.execPath, new URL('./peers/bodies.mjs', import.meta.url).pathname, String(port)]);
  const server = await startServer({ env: { APIM_GATEWAY__WORKERS: '1', APIM_LOG__LEVEL: 'warn' } });
  const token = await adminToken(server, SCOPES);
  await openApi(server, token, { name: 'Bodies', context: '/bodies', backend: `http://127.0.0.1:${port}`, verbs: ['GET', 'POST'] });
  await populate(server, [], { applications: 1, tokens: 1 });
  const url = `http://127.0.0.1:${server.gatewayPort}/bodies/1.0.0/bytes`;
  await until(async () => (await fetch(`${url}/1`)).status === 200, 'the API');
  // What the first requests of all bring in is no matter of their size.
  for (const transfer of [download, upload]) await transfer(url, MB);
  const rows = [];
  for (const [name, transfer] of [
    ['100 MB from the backend', download],
    ['100 MB to the backend', upload],
  ]) {
    const runs = [];
    for (let round = 0; round < rounds; round++) runs.push(await measured(server.child.pid, () => transfer(url, BYTES)));
    rows.push({
      name,
      'MB/s': Math.round(median(runs.map((run) => BYTES / MB / run.seconds))),
      beforeMb: Math.round(runs[0].beforeMb),
      peakMb: Math.round(Math.max(...runs.map((run) => run.peakMb))),
      growthMb: Math.round(Math.max(...runs.map((run) => run.peakMb)) - runs[0].beforeMb),
    });
  }
  await stop(server.child);
  await stop(backend);
  return { settings: { rounds }, rows };
};

const measured = async (pid, transfer) => {
  const beforeMb = residentMb(pid);
  let peakMb = beforeMb;
  const timer = setInterval(() => {
    peakMb = Math.max(peakMb, residentMb(pid));
  }, SAMPLE_MS);
  const began = performance.now();
  await transfer();
  const seconds = (performance.now() - began) / 1_000;
  clearInterval(timer);
  return { beforeMb, peakMb, seconds };
};

const answerOf = (outgoing) => new Promise((resolve, reject) => outgoing.once('response', resolve).once('error', reject));

const download = async (url, bytes) => {
  const outgoing = request(`${url}/${bytes}`).end();
  const answer = await answerOf(outgoing);
  let came = 0;
  for await (const chunk of answer) came += chunk.length;
  if (answer.statusCode !== 200 || came !== bytes) throw new Error(`${came} of ${bytes} bytes came, with status ${answer.statusCode}`);
};

const upload = async (url, bytes) => {
  const outgoing = request(url, { method: 'POST', headers: { 'Content-Length': bytes } });
  const answering = answerOf(outgoing);
  await pipeline(Readable.from(chunksOf(bytes)), outgoing);
  const answer = await answering;
  let text = '';
  for await (const chunk of answer) text += chunk;
  if (answer.statusCode !== 200 || text !== String(bytes)) throw new Error(`the backend got ${text} of ${bytes} bytes`);
};

function* chunksOf(bytes) {
  for (let left = bytes; left > 0; left -= CHUNK.length) yield left < CHUNK.length ? CHUNK.subarray(0, left) : CHUNK;
}
