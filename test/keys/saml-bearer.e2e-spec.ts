import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { given } from '../support/given.js';
import { unique } from '../support/unique.js';
import { partsOf, register, tokenOf } from './oauth.js';
import { type AssertionOptions, assertionXml, encoded, OutsideIdp, signedXml } from './outside-idp.js';

const SAML_BEARER = 'urn:ietf:params:oauth:grant-type:saml2-bearer';
const SIGNATURE_INVALID = 'Signature or Message Authentication invalid.';

let idp: OutsideIdp;
let client: Awaited<ReturnType<typeof register>>;
beforeAll(async () => {
  idp = await OutsideIdp.start();
  client = await register({ grantType: `${SAML_BEARER} refresh_token` });
  await idp.trustedIn('carbon.super', {
    certificates: { type: 'PEM', value: idp.certificate },
    claimMapping: [{ remoteClaim: 'groups', localClaim: 'http://wso2.org/claims/role' }],
  });
});

const bearer = (xml: string, more: Readonly<Record<string, string>> = {}, as = client) =>
  tokenOf(as, { grant_type: SAML_BEARER, assertion: encoded(xml), ...more });
const signed = (options?: AssertionOptions) => signedXml(idp, assertionXml(idp, options));
const refusal = (text?: string) => ({ status: 400, body: { error: 'invalid_grant', ...(text && { error_description: text }) } });

describe('a signed assertion', () => {
  it('gives tokens on behalf of its subject, with the scopes of its roles', async () => {
    const xml = signed({ subject: 'maria', roles: ['Internal/creator', 'Internal/publisher'] });

    const { status, body } = await bearer(xml, { scope: 'apim:api_create apim:admin' });

    expect({ status, body }).toMatchObject({ status: 200, body: { scope: 'apim:api_create', refresh_token: expect.any(String) } });
    expect(partsOf(body.access_token).claims).toMatchObject({
      sub: 'maria',
      'http://wso2.org/claims/role': ['Internal/creator', 'Internal/publisher'],
    });
    expect((await tokenOf(client, { grant_type: 'refresh_token', refresh_token: body.refresh_token })).status).toBe(200);
  });

  it('may be sent in plain base64 with line breaks, and start with an XML declaration', async () => {
    const text = Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${signed()}`).toString('base64');

    const answer = await tokenOf(client, { grant_type: SAML_BEARER, assertion: text.replaceAll(/(.{76})/g, '$1\r\n') });

    expect(answer.status).toBe(200);
  });

  it('is verified with the keys of a JWKS address too', async () => {
    const other = await OutsideIdp.start();
    await other.trustedIn();

    expect((await bearer(signedXml(other, assertionXml(other)))).status).toBe(200);
  });

  it('is taken once', async () => {
    const xml = signed();

    const answers = await Promise.all([bearer(xml), bearer(xml)]);

    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
    expect(await bearer(xml)).toMatchObject(refusal('The SAML assertion was used before.'));
  });
});

describe('refused is an assertion', () => {
  it.each<[string, AssertionOptions, string | undefined]>([
    ['that has expired', { endsIn: -1 }, 'SAML assertion is expired'],
    ['that is not valid yet', { beginsIn: 60 }, 'SAML assertion is used before its NotBefore time'],
    ['for another audience', { audience: 'https://somebody.else' }, 'The audience of the SAML assertion is somebody else.'],
    ['for another recipient', { recipient: 'https://somebody.else' }, 'The recipient of the SAML assertion is somebody else.'],
    ['without a subject', { subject: '' }, 'The subject of the SAML assertion is empty or too long.'],
  ])('%s', async (_, options, text) => {
    expect(await bearer(signed(options))).toMatchObject(refusal(text));
  });

  it('without a signature, with a stranger’s, with a weak one', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

    expect(await bearer(assertionXml(idp))).toMatchObject(refusal(SIGNATURE_INVALID));
    expect(await bearer(signedXml(idp, assertionXml(idp), { key: privateKey }))).toMatchObject(refusal(SIGNATURE_INVALID));
    expect(await bearer(signedXml(idp, assertionXml(idp), { signature: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1' }))).toMatchObject(
      refusal(SIGNATURE_INVALID),
    );
    expect(await bearer(signedXml(idp, assertionXml(idp), { digest: 'http://www.w3.org/2000/09/xmldsig#sha1' }))).toMatchObject(
      refusal(SIGNATURE_INVALID),
    );
  });

  it('that was changed after it was signed', async () => {
    expect(await bearer(signed({ subject: 'maria' }).replace('>maria<', '>admin<'))).toMatchObject(refusal(SIGNATURE_INVALID));
  });

  it('of an issuer nobody registered, or only another tenant did', async () => {
    const tenant = await given.organization();
    const other = await OutsideIdp.start();
    await other.trustedIn(tenant.domain);

    const answer = await bearer(signedXml(other, assertionXml(other)));

    expect(answer).toMatchObject(refusal(`No Registered IDP found for the SAML assertion with issuer name : ${other.issuer}`));
  });

  it('wrapped around a signed one, in each of the usual places', async () => {
    const inner = signed({ subject: 'maria' });
    const signature = /<Signature[\s\S]*<\/Signature>/.exec(inner)?.[0] ?? '';
    const forged = assertionXml(idp, { subject: 'admin', id: `_${randomUUID()}` });
    const [, id = ''] = /ID="([^"]+)"/.exec(inner) ?? [];
    const afterIssuer = (xml: string, text: string) => xml.replace('</saml:Issuer>', `</saml:Issuer>${text}`);

    const attacks = {
      'the signed one inside of the forged one': afterIssuer(forged, inner),
      'its signature in the forged one, the signed one in an extension': forged
        .replace('</saml:Issuer>', `</saml:Issuer>${signature}`)
        .replace('</saml:Assertion>', `<saml:Advice>${inner.replace(signature, '')}</saml:Advice></saml:Assertion>`),
      'the signed one inside of the signature': afterIssuer(
        forged,
        signature.replace('</Signature>', `<Object>${inner}</Object></Signature>`),
      ),
      'two with one id': afterIssuer(forged.replace(/ID="[^"]+"/, `ID="${id}"`), signature).replace(
        '</saml:Assertion>',
        `${inner.replace(signature, '')}</saml:Assertion>`,
      ),
      'two signatures': afterIssuer(inner, signature),
    };

    for (const [name, xml] of Object.entries(attacks)) {
      const { status } = await bearer(xml);
      expect({ name, status }).toEqual({ name, status: 400 });
    }
  });

  it('whose name holds a comment gives the whole name, and no part of it', async () => {
    const subject = unique('user');
    const xml = signed({ subject: `admin${subject}` }).replace(`>admin${subject}<`, `>admin<!-- x -->${subject}<`);

    const { status, body } = await bearer(xml);

    expect(status).toBe(200);
    expect(partsOf(body.access_token).claims.sub).toBe(`admin${subject}`);
  });

  it.each([
    ['with a document type', (xml: string) => `<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>${xml.replace('maria', '&e;')}`],
    ['with entities that multiply', (xml: string) => `<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>${xml.replace('maria', '&b;')}`],
    ['with a processing instruction', (xml: string) => `<?xml-stylesheet href="x"?>${xml}`],
    ['inside of a response', (xml: string) => `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol">${xml}</samlp:Response>`],
    ['that is cut off', (xml: string) => xml.slice(0, -20)],
    ['that is nested too deeply', () => '<a>'.repeat(10_000)],
    ['that is no XML', () => 'hello'],
    ['that is empty', () => ' '],
  ])('%s', async (_, change) => {
    expect(await bearer(change(signed()))).toMatchObject({ status: 400 });
  });
});
