import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';

// Usage: node scripts/jest.mjs unit|e2e [jest arguments]
const [kind, ...rest] = process.argv.slice(2);
if (kind !== 'unit' && kind !== 'e2e') {
  console.error('usage: node scripts/jest.mjs unit|e2e [jest arguments]');
  process.exit(2);
}
const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
const options = [process.env.NODE_OPTIONS, '--experimental-vm-modules', '--no-warnings=ExperimentalWarning'].filter(Boolean).join(' ');
// Each file evaluates its modules anew, so half of the work is young garbage: larger spaces, and no threads that wait for each other on few cores.
const heap = ['--single-threaded-gc', '--min-semi-space-size=32', '--max-semi-space-size=64'];
const child = spawn(process.execPath, [...heap, jest, '--config', `jest.config.${kind}.mjs`, ...rest], {
  stdio: 'inherit',
  env: { ...process.env, NODE_OPTIONS: options },
});
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
