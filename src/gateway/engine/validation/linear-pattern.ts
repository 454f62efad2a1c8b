import { createRequire } from 'node:module';
import type { RE2JS } from 're2js';

// Loaded with the first pattern: a worker that has none is up sooner.
const require = createRequire(import.meta.url);

let engine: typeof RE2JS | undefined;

/** The engine for patterns that are not ours: it takes time in proportion to the text, whatever the pattern. */
export const linearPatterns = (): typeof RE2JS => {
  if (engine === undefined) {
    const loaded: typeof import('re2js') = require('re2js');
    engine = loaded.RE2JS;
  }
  return engine;
};
