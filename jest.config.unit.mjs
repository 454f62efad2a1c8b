import { base } from './scripts/jest-base.mjs';

/** Unit tests beside the sources (`*.spec.ts`), run from the sources. */
export default {
  ...base,
  roots: ['<rootDir>/src', '<rootDir>/test/support', '<rootDir>/bench', '<rootDir>/scripts'],
  testMatch: ['**/*.spec.ts'],
  // Tests wait for conditions, for which a busy machine needs longer.
  testTimeout: 20_000,
  maxWorkers: '100%',
};
