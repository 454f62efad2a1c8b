import type { DefinitionFinding } from './definition.js';
import { unparsable } from './parse-definition.js';
import { walkPlaces } from './places.js';

const REPEATED_MAX = 50;

/** Keys that stand twice in one object: which of the two would count is anybody's guess. */
export const repeatedKeys = (text: string): readonly DefinitionFinding[] => {
  const findings: DefinitionFinding[] = [];
  walkPlaces(text, ({ pointer, line }, isRepeated) => {
    if (isRepeated && findings.length < REPEATED_MAX)
      findings.push(unparsable(`${pointer}: this key stands twice in its object (line ${line})`));
  });
  return findings;
};

/** The findings with the lines of their places, which descriptions begin with; a text of one line says nothing by its number. */
export const withLines = (findings: readonly DefinitionFinding[], text: string): readonly DefinitionFinding[] => {
  if (findings.length === 0 || !text.includes('\n')) return findings;
  const lines = new Map<string, number>();
  walkPlaces(text, ({ pointer, line }) => {
    if (!lines.has(pointer)) lines.set(pointer, line);
  });
  return findings.map((finding) => {
    const place = placeOf(finding.description, lines);
    return place === undefined ? finding : { ...finding, description: `${finding.description} (line ${place})` };
  });
};

/** The longest pointer the description begins with: keys may hold colons. */
const placeOf = (description: string, lines: ReadonlyMap<string, number>): number | undefined => {
  if (!description.startsWith('#')) return undefined;
  for (let end = description.lastIndexOf(': '); end > 0; end = description.lastIndexOf(': ', end - 1)) {
    const line = lines.get(description.slice(0, end).replace(/\/$/, ''));
    if (line !== undefined) return line;
  }
  return undefined;
};
