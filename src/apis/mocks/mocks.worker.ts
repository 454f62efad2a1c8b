import { parseDocument } from '../definitions/exact-json.js';
import { generatedMocks, writeMocks } from './write-mocks.js';

/** The definition, as JSON, with a new script for every operation. */
export const generate = (content: string): string => {
  const document = parseDocument(content);
  writeMocks(document, 'all');
  return JSON.stringify(document);
};

/** `{list}` of the scripts a definition, as JSON, would get. */
export const list = (content: string): string => JSON.stringify({ list: [...generatedMocks(JSON.parse(content))] });
