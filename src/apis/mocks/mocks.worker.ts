import { parseDocument } from '../definitions/exact-json.js';
import { mocksIn } from './read-mocks.js';
import { generatedMocks, writeMocks } from './write-mocks.js';

/** The definition, as JSON, with a new script for every operation. */
export const generate = (content: string): string => {
  const document = parseDocument(content);
  writeMocks(document, 'all');
  return JSON.stringify(document);
};

/** `{list}` of the scripts a definition, as JSON, would get. */
export const list = (content: string): string => JSON.stringify({ list: [...generatedMocks(JSON.parse(content))] });

/** What the scripts of a definition, as JSON, answer. */
export const served = (content: string): string => JSON.stringify(mocksIn(JSON.parse(content)));
