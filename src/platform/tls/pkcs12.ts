import { createPrivateKey } from 'node:crypto';
import forge from 'node-forge';
import type { TlsFiles } from './certificate.js';

const KEY_BAGS = [forge.pki.oids['pkcs8ShroudedKeyBag'], forge.pki.oids['keyBag']];
const CERTIFICATE_BAG = forge.pki.oids['certBag'];

/** There is no key of that name in the file, or several and none was named. */
export class NoSuchKey extends Error {}

/**
 * A key with its certificate chain out of a PKCS#12 file.
 * @throws NoSuchKey, and Error when the password is wrong or the file is none.
 */
export const readPkcs12 = (bytes: Buffer, password: string, alias: string): TlsFiles => {
  const asn1 = forge.asn1.fromDer(forge.util.createBuffer(bytes.toString('binary')));
  const bags = forge.pkcs12.pkcs12FromAsn1(asn1, false, password).safeContents.flatMap(({ safeBags }) => safeBags);
  const keys = bags.filter(({ type }) => KEY_BAGS.includes(type));
  const named = alias === '' ? keys : keys.filter((bag) => friendlyName(bag).toLowerCase() === alias.toLowerCase());
  const [key] = named.length > 0 || keys.length !== 1 || friendlyName(keys[0]) !== '' ? named : keys;
  if (!key || (alias === '' && named.length > 1)) {
    const known = keys.map((bag) => friendlyName(bag) || '(without a name)').join(', ');
    throw new NoSuchKey(alias === '' ? `it holds several keys; name one of ${known}` : `it holds no key ${alias}, but ${known || 'none'}`);
  }
  const certificates = bags.filter(({ type }) => type === CERTIFICATE_BAG);
  const own = certificates.find((bag) => localKeyId(bag) !== '' && localKeyId(bag) === localKeyId(key)) ?? certificates[0];
  if (!own) throw new NoSuchKey('it holds no certificate');
  const chain = [own, ...certificates.filter((bag) => bag !== own && localKeyId(bag) === '')];
  return { certificate: chain.map(certificatePem).join(''), key: keyPem(key) };
};

const attribute = (bag: forge.pkcs12.Bag | undefined, name: 'friendlyName' | 'localKeyId'): string =>
  String(bag?.attributes?.[name]?.[0] ?? '');
const friendlyName = (bag: forge.pkcs12.Bag | undefined): string => attribute(bag, 'friendlyName');
const localKeyId = (bag: forge.pkcs12.Bag): string => attribute(bag, 'localKeyId');

const der = (asn1: forge.asn1.Asn1): Buffer => Buffer.from(forge.asn1.toDer(asn1).getBytes(), 'binary');

/** Keys that the library does not know, elliptic ones, come as they stand in the file. */
const keyPem = ({ key, asn1 }: forge.pkcs12.Bag): string =>
  key
    ? createPrivateKey(forge.pki.privateKeyToPem(key)).export({ type: 'pkcs8', format: 'pem' }).toString()
    : createPrivateKey({ key: der(asn1), format: 'der', type: 'pkcs8' })
        .export({ type: 'pkcs8', format: 'pem' })
        .toString();

const certificatePem = ({ cert, asn1 }: forge.pkcs12.Bag): string => {
  const bytes = cert ? der(forge.pki.certificateToAsn1(cert)) : der(asn1);
  return `-----BEGIN CERTIFICATE-----\n${bytes.toString('base64').replace(/.{1,64}/g, '$&\n')}-----END CERTIFICATE-----\n`;
};
