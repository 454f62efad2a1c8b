import { RemoteRefusal } from '../trusted-issuers/remote-refusal.js';
import { ASSERTION } from './signed-assertion.js';
import { childrenOf } from './xml-elements.js';

const BEARER = 'urn:oasis:names:tc:SAML:2.0:cm:bearer';
const LENGTH_MAX = 255;

/** What a verified assertion says of a user. */
export interface AssertionFacts {
  readonly id: string;
  readonly issuer: string;
  readonly subject: string;
  /** Epoch seconds. */
  readonly expiresAt: number;
  /** Attributes by name; a list where there are several values. */
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** What an assertion must fit. */
export interface Expectation {
  /** Addresses and names that mean us. */
  readonly own: readonly string[];
  readonly skewSeconds: number;
  /** Epoch seconds. */
  readonly now: number;
}

/** Reads an assertion that was verified, and checks audience, recipient and times (RFC 7522 §3). @throws RemoteRefusal */
export const factsOf = (assertion: Element, expected: Expectation): AssertionFacts => {
  const subject = one(assertion, 'Subject');
  const conditions = one(assertion, 'Conditions');
  const ends = [endOf(conditions, expected), confirmedUntil(subject, expected)].filter((end) => end !== undefined);
  if (ends.length === 0) throw new RemoteRefusal('The SAML assertion names no end.');
  checkAudience(conditions, expected);
  const name = textOf(one(subject, 'NameID'));
  if (name === '' || name.length > LENGTH_MAX) throw new RemoteRefusal('The subject of the SAML assertion is empty or too long.');
  return {
    id: assertion.getAttribute('ID') ?? '',
    issuer: textOf(one(assertion, 'Issuer')),
    subject: name,
    expiresAt: Math.min(...ends),
    attributes: attributesOf(assertion),
  };
};

const one = (parent: Element, name: string): Element => {
  const [first, ...others] = childrenOf(parent, ASSERTION, name);
  if (!first || others.length > 0) throw new RemoteRefusal(`The SAML assertion needs one ${name}.`);
  return first;
};

const textOf = (element: Element): string => element.textContent?.trim() ?? '';

/** The moment of an attribute in epoch seconds. */
const momentOf = (element: Element, attribute: string): number | undefined => {
  const text = element.getAttribute(attribute);
  if (!text) return undefined;
  const moment = Date.parse(text) / 1000;
  if (Number.isNaN(moment)) throw new RemoteRefusal('The SAML assertion is malformed.');
  return moment;
};

/** When the element ends. @throws RemoteRefusal when that was before, or it has not begun */
const endOf = (element: Element, { now, skewSeconds }: Expectation): number | undefined => {
  const [begin, end] = [momentOf(element, 'NotBefore'), momentOf(element, 'NotOnOrAfter')];
  if (end !== undefined && end + skewSeconds <= now) throw new RemoteRefusal('SAML assertion is expired');
  if (begin !== undefined && begin - skewSeconds > now) throw new RemoteRefusal('SAML assertion is used before its NotBefore time');
  return end;
};

/** The end of the one confirmation that is for us. */
const confirmedUntil = (subject: Element, expected: Expectation): number | undefined => {
  const confirmations = childrenOf(subject, ASSERTION, 'SubjectConfirmation').filter(
    (element) => element.getAttribute('Method') === BEARER,
  );
  const data = confirmations.flatMap((element) => childrenOf(element, ASSERTION, 'SubjectConfirmationData'));
  if (confirmations.length > 0 && data.length === 0) return undefined; // bound by the conditions alone
  const ours = data.find((element) => expected.own.includes(element.getAttribute('Recipient') ?? ''));
  if (!ours) throw new RemoteRefusal('The recipient of the SAML assertion is somebody else.');
  return endOf(ours, expected);
};

/** Every restriction has to name us; without one the assertion could be meant for anybody. */
const checkAudience = (conditions: Element, { own }: Expectation): void => {
  const restrictions = childrenOf(conditions, ASSERTION, 'AudienceRestriction');
  const isOurs = (restriction: Element) =>
    childrenOf(restriction, ASSERTION, 'Audience').some((audience) => own.includes(textOf(audience)));
  if (restrictions.length === 0 || !restrictions.every(isOurs))
    throw new RemoteRefusal('The audience of the SAML assertion is somebody else.');
};

const attributesOf = (assertion: Element): Readonly<Record<string, unknown>> => {
  const values = new Map<string, string[]>();
  for (const attribute of childrenOf(assertion, ASSERTION, 'AttributeStatement').flatMap((part) =>
    childrenOf(part, ASSERTION, 'Attribute'),
  )) {
    const name = attribute.getAttribute('Name') ?? '';
    values.set(name, [...(values.get(name) ?? []), ...childrenOf(attribute, ASSERTION, 'AttributeValue').map(textOf)]);
  }
  return Object.fromEntries([...values].map(([name, list]) => [name, list.length === 1 ? list[0] : list]));
};
