import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { text } from 'node:stream/consumers';
import './conformance/typescript.mjs';

// Runs everything that must hold: lint, types, unit and end-to-end tests, conformance. A broken step does not hide the ones behind it.
const { contractsFolder } = await import('../test/support/contracts.ts');
const WORK = '.conformance';
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const totals = { passed: 0, failed: 0, skipped: 0 };

const run = (command, args, env = process.env) => spawnSync(command, args, { stdio: 'inherit', env }).status === 0;

const failed = (name) => {
  console.log(`== ${name} failed`);
  totals.failed += 1;
};

/** A step without a count of its own: broken, it counts as one failed test. */
const check = (name, command, args) => {
  console.log(`\n== ${name}`);
  if (!run(command, args)) failed(name);
};

/** Such steps side by side, each on one core; what they say is told one after the other. */
const checks = async (steps) => {
  const running = steps.map(([name, command, args]) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const said = Promise.all([text(child.stdout), text(child.stderr)]);
    return { name, said, status: new Promise((resolve) => child.once('close', resolve)) };
  });
  for (const { name, said, status } of running) {
    console.log(`\n== ${name}`);
    process.stdout.write((await said).join(''));
    if ((await status) !== 0) failed(name);
  }
};

/** One run of Jest: whether it ended well, and its report, which a run that broke early does not leave. */
const jestRun = (kind, args, env) => {
  const file = join(WORK, `jest-${kind}.json`);
  rmSync(file, { force: true });
  const succeeded = run(process.execPath, ['scripts/jest.mjs', kind, '--passWithNoTests', '--json', '--outputFile', file, ...args], env);
  return { succeeded, result: existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined };
};

/**
 * Tests that wait for real clocks, sockets and processes may fail on a machine that is short of time: up to this many files that failed run once
 * more, one after the other, and what passes then is named, not hidden. More broken files than this are no chance.
 */
const SECOND_TRY_MAX = 3;

/** Each test that failed, with its file. */
const failuresIn = (files) =>
  files.flatMap(({ name, assertionResults }) =>
    assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => `${relative('.', name)}: ${fullName}`),
  );

const secondTry = (kind, { succeeded, result }) => {
  const broken = (result?.testResults ?? []).filter(({ status }) => status === 'failed');
  if (kind !== 'e2e' || succeeded || broken.length === 0 || broken.length > SECOND_TRY_MAX) return { succeeded, result };
  console.log(`\n== once more, alone: ${broken.map(({ name }) => relative('.', name)).join(', ')}`);
  const again = jestRun(kind, ['--runInBand', ...broken.map(({ name }) => name)], { ...process.env, CONFORMANCE_KEEP: 'true' });
  if (!again.result) return { succeeded, result };
  const stillBroken = new Set(failuresIn(again.result.testResults));
  for (const failure of failuresIn(broken)) if (!stillBroken.has(failure)) console.log(`== unsteady: ${failure}`);
  const passedBefore =
    result.numPassedTests - broken.flatMap((file) => file.assertionResults).filter(({ status }) => status === 'passed').length;
  return {
    succeeded: again.succeeded,
    result: { ...again.result, numPassedTests: passedBefore + again.result.numPassedTests, numPendingTests: result.numPendingTests },
  };
};

const jest = (kind) => {
  console.log(`\n== ${kind} tests`);
  const { succeeded, result } = secondTry(kind, jestRun(kind, []));
  totals.passed += result?.numPassedTests ?? 0;
  totals.skipped += (result?.numPendingTests ?? 0) + (result?.numTodoTests ?? 0);
  const failed = (result?.numFailedTests ?? 0) + (result?.numRuntimeErrorTestSuites ?? 0);
  // A run that broke before it could count anything has failed too.
  totals.failed += succeeded ? failed : Math.max(failed, 1);
};

mkdirSync(WORK, { recursive: true });
await checks([
  ['lint', npm, ['run', '--silent', 'lint']],
  ['types', npm, ['run', '--silent', 'typecheck']],
]);
jest('unit');
jest('e2e');
if (contractsFolder() || process.env.CI) check('conformance', process.execPath, ['scripts/conformance/report.mjs']);
else console.log('\n== conformance skipped: there are no contracts at ../shared/contracts (CONTRACTS_DIR names another place)');
process.exitCode = totals.failed > 0 ? 1 : 0;
console.log(`\nTests: ${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
