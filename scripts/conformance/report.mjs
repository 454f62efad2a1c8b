import './typescript.mjs';
import { parseArgs } from 'node:util';
import { table } from './table.mjs';

// Usage: npm run conformance [-- --json] [-- --contracts DIR]
const { values } = parseArgs({ options: { json: { type: 'boolean', default: false }, contracts: { type: 'string' } } });
const { contractsFolder } = await import('../../test/support/contracts.ts');
const contracts = contractsFolder(values.contracts);
if (!contracts) {
  console.error(
    'conformance: there are no contracts; name their folder with --contracts DIR or CONTRACTS_DIR (usually ../shared/contracts)',
  );
  process.exit(values.contracts !== undefined || process.env.CI ? 1 : 0);
}
const { conformance } = await import('../../test/support/conformance.ts');
const report = conformance(contracts, process.env.CONFORMANCE_DIR ?? '.conformance');
console.log(values.json ? JSON.stringify(report) : table(report));
const deviations = Object.values(report).reduce((sum, api) => sum + api.deviations.length, 0);
if (deviations > 0) {
  console.error(`conformance: ${deviations} deviations`);
  process.exitCode = 1;
}
