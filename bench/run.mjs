// npm run bench [-- part …] [--json] [--rounds n] [--seconds n] [--apis n,n,…]
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { bodies } from './bodies.mjs';
import { controlPlane } from './control-plane.mjs';
import { deploy } from './deploy.mjs';
import { gateway } from './gateway.mjs';
import { logins } from './logins.mjs';
import { manyApis } from './many-apis.mjs';
import { observability } from './observability.mjs';
import { portal } from './portal.mjs';
import { stopAll } from './processes.mjs';
import { redeploys } from './redeploys.mjs';
import { scripts } from './scripts.mjs';
import { start } from './start.mjs';
import { throttling } from './throttling.mjs';
import { tokens } from './tokens.mjs';
import { twoWorkers } from './two-workers.mjs';

const PARTS = {
  ...{ start, deploy, redeploys, gateway, bodies, 'many-apis': manyApis, 'two-workers': twoWorkers, observability, scripts, throttling },
  ...{ 'control-plane': controlPlane, portal, logins, tokens },
};
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '4' },
    apis: { type: 'string', default: '10,1000,10000' },
  },
});
const unknown = positionals.find((name) => !(name in PARTS));
if (unknown) {
  console.error(`unknown part ${unknown}; the parts are ${Object.keys(PARTS).join(', ')}`);
  process.exit(2);
}

const settings = { rounds: Number(values.rounds), seconds: Number(values.seconds), apis: values.apis.split(',').map(Number) };
const results = { machine: { node: process.version, cores: availableParallelism(), cpu: cpus()[0]?.model ?? '' }, parts: {} };
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stopAll().then(() => process.exit(1)));
try {
  for (const name of positionals.length > 0 ? positionals : Object.keys(PARTS)) {
    if (!values.json) console.log(`\n# ${name}`);
    results.parts[name] = await PARTS[name](settings);
    if (!values.json) show(results.parts[name]);
  }
} finally {
  await stopAll();
}
const folder = new URL('./results/', import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(
  new URL(`${new Date().toISOString().slice(0, 10)}-${Object.keys(results.parts).join('-')}.json`, folder),
  `${JSON.stringify(results, null, 2)}\n`,
);
if (values.json) console.log(JSON.stringify(results));

function show({ rows, ratios, all: _, settings: __, ...figures }) {
  if (rows) console.table(Object.fromEntries(rows.map(({ name, ...row }) => [name, row])));
  if (ratios) console.table(ratios);
  for (const [name, value] of Object.entries(figures)) console.log(`${name}: ${typeof value === 'object' ? JSON.stringify(value) : value}`);
}
