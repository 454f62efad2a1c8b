import type { XmlElement } from '../../gateway/engine/mediation/read-xml.js';
import { ParameterInvalid } from './admin-services.problems.js';
import { isNil, localName } from './soap-message.js';

const INTEGER = /^[+-]?\d{1,9}$/;

/**
 * The children of an operation's element or of an object in it. They are found by their local names, in any order and any namespace; one that is missing and
 * one that is nil are the same, and what is repeated is a list (`reference/identity.md` §4).
 */
export class Parameters {
  private readonly byName: ReadonlyMap<string, readonly XmlElement[]>;

  constructor(element: XmlElement) {
    const given = element.children.filter((child) => !isNil(child));
    this.byName = Map.groupBy(given, localName);
  }

  /** Undefined when it is missing or nil; of several the first. */
  text(name: string): string | undefined {
    return this.byName.get(name)?.[0]?.text;
  }

  texts(name: string): readonly string[] {
    return (this.byName.get(name) ?? []).map(({ text }) => text);
  }

  objects(name: string): readonly Parameters[] {
    return (this.byName.get(name) ?? []).map((element) => new Parameters(element));
  }

  /** @throws ParameterInvalid (400) for what is no whole number. */
  integer(name: string, fallback: number): number {
    const text = this.text(name)?.trim();
    if (text === undefined || text === '') return fallback;
    if (!INTEGER.test(text)) throw ParameterInvalid(name, 'a whole number');
    return Number(text);
  }
}
