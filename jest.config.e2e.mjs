import { base } from './scripts/jest-base.mjs';

/** End-to-end tests (`*.e2e-spec.ts`): one built server as a child process, on ports and a data folder of its own. */
export default {
  ...base,
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.e2e-spec.ts'],
  globalSetup: '<rootDir>/scripts/e2e/setup.mjs',
  globalTeardown: '<rootDir>/scripts/e2e/teardown.mjs',
  setupFilesAfterEnv: ['<rootDir>/test/support/matchers.ts'],
  // Far longer than any test takes: what decides is the condition, not how busy the machine is.
  testTimeout: 180_000,
  // They mostly wait for the server.
  maxWorkers: 3,
  // A start that fails half-way leaves connections open, and Jest would never end.
  forceExit: true,
};
