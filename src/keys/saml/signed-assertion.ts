import type { KeyObject } from 'node:crypto';
import type { SignedXml } from 'xml-crypto';
import { RemoteRefusal } from '../trusted-issuers/remote-refusal.js';
import { childrenOf, parseXml } from './xml-elements.js';

export const ASSERTION = 'urn:oasis:names:tc:SAML:2.0:assertion';
const SIGNATURE = 'http://www.w3.org/2000/09/xmldsig#';

/** SHA-1 is broken, and with HMAC the provider's public key would be the secret. */
const SIGNATURES: readonly string[] = [
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512',
  'http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1',
];
const DIGESTS: readonly string[] = ['http://www.w3.org/2001/04/xmlenc#sha256', 'http://www.w3.org/2001/04/xmlenc#sha512'];
const ENVELOPED = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature';
/** Leaves comments out, so a comment inside of a name is nothing that anybody could read differently. */
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';

const Malformed = () => new RemoteRefusal('The SAML assertion is malformed.');
const Unsigned = () => new RemoteRefusal('Signature or Message Authentication invalid.');

/** A SAML 2.0 assertion whose signature nobody has checked; only its issuer may be read, to find the keys. */
export interface UnverifiedAssertion {
  readonly issuer: string;
  /** What a key of the issuer signed, and nothing around it. @throws RemoteRefusal */
  verified(keys: readonly KeyObject[]): Promise<Element>;
}

/** Takes the text of one assertion. @throws RemoteRefusal for what is none, and for document types, entities and processing instructions */
export const parseAssertion = (text: string): UnverifiedAssertion => {
  const document = documentOf(text);
  const root = document.documentElement;
  if (root?.localName !== 'Assertion' || root.namespaceURI !== ASSERTION || root.getAttribute('Version') !== '2.0') throw Malformed();
  const [issuer, ...others] = childrenOf(root, ASSERTION, 'Issuer');
  if (!issuer || others.length > 0) throw Malformed();
  return { issuer: issuer.textContent?.trim() ?? '', verified: (keys) => signedPart(text, root, keys) };
};

const documentOf = (text: string): Document => {
  // After an XML declaration there is no use for either in an assertion.
  if (/<!DOCTYPE|<!ENTITY|<\?(?!xml[\s?])/i.test(text)) throw Malformed();
  try {
    return parseXml(text);
  } catch {
    throw Malformed();
  }
};

/** The assertion as it was signed: parsed again from the very bytes that the signature covers. */
const signedPart = async (text: string, root: Element, keys: readonly KeyObject[]): Promise<Element> => {
  const [signature, ...others] = childrenOf(root, SIGNATURE, 'Signature');
  if (!signature || others.length > 0) throw Unsigned();
  const { SignedXml } = await import('xml-crypto');
  for (const key of keys) {
    if (key.asymmetricKeyType !== 'rsa') continue;
    const signed = signedBy(new SignedXml({ publicCert: key.export({ type: 'spki', format: 'pem' }) }), signature, root, text);
    if (signed === undefined) continue;
    const part = documentOf(signed).documentElement;
    if (part?.localName === 'Assertion' && part.namespaceURI === ASSERTION) return part;
  }
  throw Unsigned();
};

/** The canonical text that the signature covers, if it is the whole assertion and the key made it. */
const signedBy = (check: SignedXml, signature: Element, root: Element, text: string): string | undefined => {
  try {
    check.loadSignature(signature);
    if (!SIGNATURES.includes(check.signatureAlgorithm ?? '') || check.canonicalizationAlgorithm !== EXCLUSIVE) return undefined;
    if (!check.checkSignature(text) || !coversAll(check, root)) return undefined;
    const [signed, ...others] = check.getSignedReferences();
    return others.length === 0 ? signed : undefined;
  } catch {
    return undefined;
  }
};

/** One reference, to the assertion by its id, transformed in no other way than enveloped signatures are. */
const coversAll = (check: SignedXml, root: Element): boolean => {
  const [reference, ...others] = check.getReferences();
  const id = root.getAttribute('ID') ?? '';
  if (!reference || others.length > 0 || !/^[\w.-]+$/.test(id) || reference.uri !== `#${id}`) return false;
  return (
    DIGESTS.includes(reference.digestAlgorithm) &&
    reference.transforms.every((transform) => transform === ENVELOPED || transform === EXCLUSIVE)
  );
};
