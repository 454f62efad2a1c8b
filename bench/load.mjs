import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cpuMs, has, pinned, tree } from './processes.mjs';

export const CONNECTIONS = 64;
/** As many different requests as autocannon bears. */
const REQUESTS_MAX = 2_000;
const withWrk = has('wrk');

/**
 * Drives one address for some seconds with the given tokens in turn, or with the given paths in place of its own, on the given core.
 * Answers `{requestsPerSecond, p50Ms, p99Ms, failures, requests}`.
 */
export const load = (url, { seconds, tokens = [], paths = [], folder, core, connections = CONNECTIONS }) =>
  withWrk
    ? wrk(url, { seconds, tokens, paths, folder, core, connections })
    : autocannon(url, { seconds, tokens, paths, core, connections });

/** As `load`, with `cpuUs`: the CPU time that a request cost the process under load and those below it. */
export const measuredLoad = async ({ pid }, url, options) => {
  const cpu = () => tree(pid).reduce((sum, each) => sum + cpuMs(each), 0);
  const before = cpu();
  const run = await load(url, options);
  return { ...run, cpuUs: ((cpu() - before) * 1_000) / run.requests };
};

const wrk = async (url, { seconds, tokens, paths, folder, core, connections }) => {
  // Of its own: two loads may run side by side.
  const own = mkdtempSync(join(folder, 'wrk-'));
  const script = join(own, 'script.lua');
  const file = join(own, 'requests.txt');
  writeFileSync(file, `${(paths.length > 0 ? paths : tokens).join('\n')}\n`);
  writeFileSync(
    script,
    `local requests, n, i = {}, 0, math.random(0, 1000000)
     function init()
       math.randomseed(os.time())
       i = math.random(0, 1000000)
       for line in io.lines("${file}") do
         n = n + 1
         local path, token = ${paths.length > 0 ? 'line, ""' : 'wrk.path, line'}
         requests[n] = wrk.format("GET", path, token ~= "" and { ["Authorization"] = "Bearer " .. token, ["Host"] = "localhost" } or nil)
       end
     end
     function request() i = i + 1; return requests[i % n + 1] end
     function done(summary, latency)
       io.write(string.format('{"requests":%d,"us":%d,"p50":%d,"p99":%d,"failures":%d}', summary.requests, summary.duration, latency:percentile(50),
         latency:percentile(99), summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
     end`,
  );
  const output = await outputOf(pinned(core, ['wrk', '-t1', `-c${connections}`, `-d${seconds}s`, '-s', script, url]));
  rmSync(own, { recursive: true });
  const { requests, us, p50, p99, failures } = JSON.parse(output.slice(output.lastIndexOf('{')));
  return { requestsPerSecond: (requests * 1e6) / us, p50Ms: p50 / 1e3, p99Ms: p99 / 1e3, failures, requests };
};

const autocannon = async (url, { seconds, tokens, paths, core, connections }) => {
  const requests = [
    ...tokens.slice(0, REQUESTS_MAX).map((token) => ({ method: 'GET', headers: { authorization: `Bearer ${token}` } })),
    ...every(Math.ceil(paths.length / REQUESTS_MAX), paths).map((path) => ({ method: 'GET', path })),
  ];
  const program = `import autocannon from 'autocannon';
    const chunks = []; for await (const chunk of process.stdin) chunks.push(chunk);
    const r = await autocannon(JSON.parse(Buffer.concat(chunks)));
    console.log(JSON.stringify({ requestsPerSecond: r.requests.average, p50Ms: r.latency.p50, p99Ms: r.latency.p99, failures: r.non2xx + r.errors, requests: r.requests.total }));`;
  const options = { url, connections, duration: seconds, ...(requests.length > 0 && { requests }) };
  return JSON.parse(await outputOf(pinned(core, [process.execPath, '--input-type=module', '-e', program]), JSON.stringify(options)));
};

const every = (step, values) => values.filter((_, index) => index % step === 0);

const outputOf = ([program, ...parameters], input = '') =>
  new Promise((resolve, reject) => {
    const child = spawn(program, parameters, { stdio: ['pipe', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (text) => {
      output += text;
    });
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? resolve(output) : reject(new Error(`${program} ended with ${code}`))));
    child.stdin.end(input);
  });
