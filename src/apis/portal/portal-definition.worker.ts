/** Runs in the pool of worker threads: a definition may have ten megabytes. */
export { portalDefinition } from './portal-definition.js';
