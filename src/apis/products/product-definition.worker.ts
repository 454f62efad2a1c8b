/** Runs in the pool of worker threads: the definitions of the members may have ten megabytes each. */
export { productDefinition } from './product-definition.js';
