import { RE2JS } from 're2js';
import { translateJavaPattern } from './java-pattern-syntax.js';
import { DefinitionError } from './message.js';

const LENGTH_MAX = 8192;

/** A pattern as `java.util.regex` writes it, matched in time proportional to the text. */
export interface JavaPattern {
  readonly groupCount: number;
  /** Whether the whole text matches. */
  matches(text: string): boolean;
  /** A group of the match of the whole text, 0 for all of it; null when the text does not match or the group took no part. */
  group(text: string, group: number): string | null;
  /** Whether it matches somewhere. */
  finds(text: string): boolean;
  /** Every match replaced; `$1` and `${name}` in the replacement are groups, `\` takes the next character literally. @throws Error for a group that is not there. */
  replaceAll(text: string, replacement: string): string;
}

/**
 * Reads a Java regular expression (`reference/mediation.md` §3.4).
 *
 * | Java | here |
 * |---|---|
 * | literals, classes, unions of classes, groups, named groups, greedy and lazy quantifiers, `\Q…\E`, `(?ims)` | the same |
 * | `\p{Alpha}` and the other POSIX classes, `\p{IsLatin}`, `\h`, `\v`, `\R`, `\s`, `.` | the same characters, ASCII where Java means ASCII |
 * | possessive quantifiers | where nothing after them could have taken what they took; else refused |
 * | look-around, atomic groups, back references, class intersections, `(?x)`, `(?U)`, `\G`, `\X` | refused |
 *
 * @throws DefinitionError that says what cannot be translated.
 */
export const javaPattern = (source: string): JavaPattern => {
  if (source.length > LENGTH_MAX) throw new DefinitionError(`a regular expression may have ${LENGTH_MAX} characters at most`);
  return new LinearPattern(compiled(source));
};

const compiled = (source: string): RE2JS => {
  const translated = translateJavaPattern(source);
  try {
    return RE2JS.compile(translated);
  } catch (error) {
    throw new DefinitionError(`the regular expression '${source}' is not valid: ${error instanceof Error ? error.message : String(error)}`);
  }
};

class LinearPattern implements JavaPattern {
  readonly groupCount: number;

  constructor(private readonly pattern: RE2JS) {
    this.groupCount = pattern.groupCount();
  }

  matches(text: string): boolean {
    return this.pattern.testExact(text);
  }

  group(text: string, group: number): string | null {
    if (group > this.groupCount) return null;
    const matcher = this.pattern.matcher(text);
    return matcher.matches() ? (matcher.group(group) ?? null) : null;
  }

  finds(text: string): boolean {
    return this.pattern.test(text);
  }

  replaceAll(text: string, replacement: string): string {
    return this.pattern.matcher(text).replaceAll(replacement, true);
  }
}
