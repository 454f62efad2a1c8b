/** Unit tests beside the sources (`*.spec.ts`), run from the sources. */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/src', '<rootDir>/test/support', '<rootDir>/scripts'],
  testMatch: ['**/*.spec.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: { '^.+\\.ts$': ['@swc/jest', {}] },
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.tmp'],
};
