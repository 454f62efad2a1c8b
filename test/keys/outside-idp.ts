import { generateKeyPairSync, type KeyObject, randomUUID, X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { type JWTPayload, SignJWT } from 'jose';
import { Client } from 'pg';
import { generate } from 'selfsigned';
import { SignedXml } from 'xml-crypto';
import { NO_SETTINGS } from '../../src/keys/managers/key-manager.js';
import { type Backend, startBackend } from '../support/backend.js';
import { server } from '../support/server.js';
import { unique } from '../support/unique.js';

/** One statement at the database of a server. */
const execute = async (dataDir: string, statement: string, values: readonly unknown[]): Promise<void> => {
  const database = new Client({ host: join(dataDir, 'postgres'), user: 'gatehouse', database: 'postgres' });
  await database.connect();
  await database.query(statement, [...values]).finally(() => database.end());
};
const backends: Backend[] = [];
afterAll(() => Promise.all(backends.splice(0).map((backend) => backend.close())));

export const TOKEN_ENDPOINT = `${server.management}/oauth2/token`;
const now = () => Math.floor(Date.now() / 1000);

/** An identity provider of its own, with keys that it publishes at a real address. */
export class OutsideIdp {
  readonly issuer = `https://${unique('idp')}.example.com`;
  readonly alias = `https://gatehouse/${unique('alias')}`;
  /** The same document for whoever asks; a test may change it. */
  readonly published: object[] = [];
  fetches = 0;

  private constructor(
    readonly key: KeyObject,
    readonly certificate: string,
    readonly jwksAddress: string,
  ) {}

  static async start(): Promise<OutsideIdp> {
    const { cert, private: pem } = await generate([{ name: 'commonName', value: 'idp' }], { keySize: 2048, algorithm: 'sha256' });
    const { createPrivateKey } = await import('node:crypto');
    const backend = await startBackend((_, response) => {
      idp.fetches += 1;
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ keys: idp.published }));
    });
    backends.push(backend);
    const idp = new OutsideIdp(createPrivateKey(pem), cert, `${backend.url}/jwks`);
    idp.publish('first', new X509Certificate(cert).publicKey);
    return idp;
  }

  publish(kid: string, key: KeyObject, more: object = {}): void {
    this.published.push({ ...key.export({ format: 'jwk' }), kid, use: 'sig', ...more });
  }

  /** A key pair that is published under the id from now on. */
  rotate(kid: string): KeyObject {
    const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
    this.publish(kid, pair.publicKey);
    return pair.privateKey;
  }

  claims(more: JWTPayload = {}): JWTPayload {
    return { iss: this.issuer, sub: unique('remote'), aud: this.alias, iat: now(), exp: now() + 600, jti: randomUUID(), ...more };
  }

  /** A JWT that this provider signed; undefined claims are left out. */
  jwt(more: JWTPayload = {}, header: Readonly<Record<string, unknown>> = {}, key: KeyObject | Uint8Array = this.key): Promise<string> {
    return new SignJWT(this.claims(more)).setProtectedHeader({ alg: 'RS256', kid: 'first', ...header }).sign(key);
  }

  /** Registers it in the tenant as a key manager; by its JWKS address unless told otherwise. */
  async trustedIn(
    organization = 'carbon.super',
    settings: object = {},
    { enabled = true, issuer = this.issuer, name = unique('km'), dataDir = server.dataDir } = {},
  ): Promise<string> {
    const id = randomUUID();
    const all = {
      ...NO_SETTINGS,
      tokenType: 'EXCHANGED',
      alias: this.alias,
      certificates: { type: 'JWKS', value: this.jwksAddress },
      ...settings,
    };
    await execute(
      dataDir,
      `INSERT INTO key_managers (id, organization, name, display_name, type, description, enabled, issuer, settings)
       VALUES ($1, $2, $3, $3, 'CustomKeyManager', '', $4, $5, $6)`,
      [id, organization, name, enabled, issuer, JSON.stringify(all)],
    );
    return id;
  }

  /** Takes the trust away. */
  static async disable(id: string): Promise<void> {
    await execute(server.dataDir, 'UPDATE key_managers SET enabled = false WHERE id = $1', [id]);
  }
}

export interface AssertionOptions {
  readonly id?: string;
  readonly subject?: string;
  readonly audience?: string;
  readonly recipient?: string;
  readonly roles?: readonly string[];
  /** Seconds from now. */
  readonly endsIn?: number;
  readonly beginsIn?: number;
  readonly signature?: string;
  readonly digest?: string;
}

const at = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();

/** An assertion without a signature. */
export const assertionXml = (idp: OutsideIdp, options: AssertionOptions = {}): string => {
  const { id = `_${randomUUID()}`, subject = 'maria', audience = idp.alias, recipient = TOKEN_ENDPOINT, roles = [] } = options;
  const { endsIn = 300, beginsIn = -60 } = options;
  const values = roles.map((role) => `<saml:AttributeValue>${role}</saml:AttributeValue>`).join('');
  return `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="${id}" Version="2.0" IssueInstant="${at(0)}">
<saml:Issuer>${idp.issuer}</saml:Issuer><saml:Subject><saml:NameID>${subject}</saml:NameID>
<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData Recipient="${recipient}" NotOnOrAfter="${at(endsIn)}"/></saml:SubjectConfirmation></saml:Subject>
<saml:Conditions NotBefore="${at(beginsIn)}" NotOnOrAfter="${at(endsIn)}"><saml:AudienceRestriction><saml:Audience>${audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>
<saml:AttributeStatement><saml:Attribute Name="groups">${values}</saml:Attribute></saml:AttributeStatement></saml:Assertion>`;
};

/** The assertion with the provider's enveloped signature. */
export const signedXml = (
  idp: OutsideIdp,
  xml: string,
  {
    signature = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    digest = 'http://www.w3.org/2001/04/xmlenc#sha256',
    key = idp.key,
  } = {},
): string => {
  const signed = new SignedXml({
    privateKey: key.export({ type: 'pkcs8', format: 'pem' }),
    publicCert: idp.certificate,
    signatureAlgorithm: signature,
    canonicalizationAlgorithm: 'http://www.w3.org/2001/10/xml-exc-c14n#',
  });
  signed.addReference({
    xpath: "/*[local-name(.)='Assertion']",
    transforms: ['http://www.w3.org/2000/09/xmldsig#enveloped-signature', 'http://www.w3.org/2001/10/xml-exc-c14n#'],
    digestAlgorithm: digest,
  });
  signed.computeSignature(xml, { location: { reference: "//*[local-name(.)='Issuer']", action: 'after' } });
  return signed.getSignedXml();
};

export const encoded = (xml: string): string => Buffer.from(xml).toString('base64url');
