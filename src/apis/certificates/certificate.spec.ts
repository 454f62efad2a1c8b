import { X509Certificate } from 'node:crypto';
import { generate } from 'selfsigned';
import { factsOf, readAnyCertificate, readCertificate } from './certificate.js';

const FROM = new Date('2020-01-01T00:00:00Z');
const TO = new Date('2030-01-01T00:00:00Z');
const NOW = new Date('2025-01-01T00:00:00Z');
const LATER = new Date('2031-01-01T00:00:00Z');
const SUBJECT = [
  { name: 'countryName', value: 'LK' },
  { name: 'organizationName', value: 'Example' },
  { name: 'commonName', value: 'example.com' },
];

let pem: string;
beforeAll(async () => {
  const { cert } = await generate(SUBJECT, { algorithm: 'sha256', notBeforeDate: FROM, notAfterDate: TO });
  pem = String(new X509Certificate(cert));
});

it.each<[string, () => Buffer]>([
  ['PEM', () => Buffer.from(pem)],
  [
    'PEM between other lines',
    () => Buffer.from(`subject=/CN=x\r\n${pem.replaceAll('\n', '\r\n')}\n-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----`),
  ],
  ['DER', () => new X509Certificate(pem).raw],
  ['DER in base64', () => Buffer.from(new X509Certificate(pem).raw.toString('base64'))],
  ['PEM in base64', () => Buffer.from(Buffer.from(pem).toString('base64'))],
  ['base64 with lines after it', () => Buffer.from(`${new X509Certificate(pem).raw.toString('base64')}\r\n\n`)],
])('reads %s', (_, bytes) => expect(readCertificate(bytes(), NOW)).toBe(pem));

it('keeps a chain', () => {
  expect(readCertificate(Buffer.from(pem + pem), NOW)).toBe(pem + pem);
});

it.each([
  ['nothing', ''],
  ['text', 'no certificate'],
  ['blanks that end in no base64, without looking at each of them again and again', `A${' '.repeat(262_000)}!`],
  ['base64 of something else', Buffer.from('no certificate').toString('base64')],
  ['a broken certificate', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'],
])('refuses %s', (_, text) => expect(() => readCertificate(Buffer.from(text), NOW)).toThrow(expect.objectContaining({ status: 400 })));

it('refuses a file that is longer than a chain', () => {
  expect(() => readAnyCertificate(Buffer.from(pem + ' '.repeat(262_144)))).toThrow(expect.objectContaining({ status: 400 }));
});

it('refuses a certificate that does not tell its time', () => {
  const der = Buffer.from(new X509Certificate(pem).raw);
  der.write('269931000000Z', der.indexOf('300101000000Z'), 'latin1');

  expect(() => readAnyCertificate(der)).toThrow(expect.objectContaining({ status: 400 }));
});

it('refuses a certificate whose time is over, unless it comes from an archive', () => {
  expect(() => readCertificate(Buffer.from(pem), LATER)).toThrow(
    expect.objectContaining({ status: 400, description: 'Certificate Expired' }),
  );
  expect(readAnyCertificate(Buffer.from(pem))).toBe(pem);
});

it.each([
  [NOW, false],
  [LATER, true],
])('tells what a certificate says (%s)', (now, isExpired) => {
  const { validFrom, validTo, ...facts } = factsOf(pem, now);

  expect(facts).toEqual({ isExpired, version: 3, subject: 'CN=example.com, O=Example, C=LK' });
  expect([validFrom.toISOString(), validTo.toISOString()]).toEqual([FROM.toISOString(), TO.toISOString()]);
});

it('knows a certificate of the first version', () => {
  expect(factsOf(VERSION_1).version).toBe(1);
});

// openssl x509 -req of a request without extensions makes one.
const VERSION_1 = `-----BEGIN CERTIFICATE-----
MIIBFjCBvQIULzXkJhxbZbwWzsoxyM/SOtYVOS0wCgYIKoZIzj0EAwIwDjEMMAoG
A1UEAwwDb2xkMB4XDTI2MTEyMTE3NTQ0OFoXDTM2MTExODE3NTQ0OFowDjEMMAoG
A1UEAwwDb2xkMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEK8HWJL5wc9gBrzVY
/N3H7sybxRQ6XtKMZSaS00TmE+j3/xa/V4BO9MGxAtiZnH7kdfFV47zKpfhsUCjQ
kYstKjAKBggqhkjOPQQDAgNIADBFAiEAiSkJnqI679sZEZuN56InxAlu3uMZOSYF
C3v+G9fzQfICIB8vE5FPLW8F6pfYUy0Fw2G13FsrXIRK32Jdcmvt80cs
-----END CERTIFICATE-----
`;
