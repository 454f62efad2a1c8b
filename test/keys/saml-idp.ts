import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as samlify from 'samlify';
import { generate } from 'selfsigned';

const POST = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST';
const REDIRECT = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect';
const BASIC = 'urn:oasis:names:tc:SAML:2.0:attrname-format:basic';
const PERSISTENT = 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent';
const RSA_SHA256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256';

samlify.setSchemaValidator({ validate: async () => 'valid' });

export interface SamlPerson {
  readonly nameId: string;
  readonly uid: string;
  readonly mail: string;
  readonly group: string;
}

export interface SamlAnswer {
  readonly SAMLResponse: string;
  readonly RelayState: string;
}

type Provider = ReturnType<typeof samlify.IdentityProvider>;
type Values = Readonly<Record<string, string>>;

/** A SAML identity provider of its own, which answers authentication requests over HTTP for whoever it is told to. */
export class SamlIdp {
  person: SamlPerson = { nameId: 'n-1', uid: 'sam', mail: 'sam@example.com', group: 'api-team' };
  /** Changes what the next response says. */
  override: Values = {};
  /** Signs the next response. */
  signer: Provider;

  private constructor(
    private readonly server: Server,
    readonly url: string,
    readonly certificate: string,
    readonly honest: Provider,
  ) {
    this.signer = honest;
  }

  static async start(): Promise<SamlIdp> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { provider, certificate } = await providerAt(url);
    return new SamlIdp(server, url, certificate, provider);
  }

  get entityId(): string {
    return `${this.url}/metadata`;
  }

  /** Answers requests of the service provider by a page that posts itself, as browsers get it. */
  serve(entityId: string, acs: string, signed = true): void {
    const service = samlify.ServiceProvider({
      entityID: entityId,
      assertionConsumerService: [{ Binding: POST, Location: acs }],
      wantMessageSigned: signed,
      // Otherwise the library would sign the message after all.
      wantAssertionsSigned: !signed,
    });
    this.server.removeAllListeners('request');
    this.server.on('request', (request, response) => {
      const query = Object.fromEntries(new URL(request.url ?? '', this.url).searchParams);
      this.answer(service, query).then(
        (answer) => response.end(JSON.stringify(answer)),
        (err: unknown) => response.writeHead(500).end(String(err)),
      );
    });
  }

  /** Goes to the provider with an authentication request; the answer is what its page would post. */
  async visit(address: string): Promise<SamlAnswer> {
    const answer = await fetch(address);
    const text = await answer.text();
    if (answer.status !== 200) throw new Error(text);
    return JSON.parse(text) as SamlAnswer; // written by `serve`
  }

  private async answer(service: ReturnType<typeof samlify.ServiceProvider>, query: Values): Promise<SamlAnswer> {
    const request = await this.honest.parseLoginRequest(service, 'redirect', { query });
    const now = new Date();
    const later = new Date(now.getTime() + 300_000).toISOString();
    const { nameId, uid, mail, group } = this.person;
    const acs = service.entityMeta.getAssertionConsumerService('post') as string;
    const values = {
      ...{ ID: `_${crypto.randomUUID()}`, AssertionID: `_${crypto.randomUUID()}`, Destination: acs, SubjectRecipient: acs },
      ...{ Audience: service.entityMeta.getEntityID(), Issuer: this.entityId, IssueInstant: now.toISOString() },
      ...{ StatusCode: 'urn:oasis:names:tc:SAML:2.0:status:Success', AuthnStatement: '', NameIDFormat: PERSISTENT, NameID: nameId },
      ...{ ConditionsNotBefore: now.toISOString(), ConditionsNotOnOrAfter: later, SubjectConfirmationDataNotOnOrAfter: later },
      ...{ InResponseTo: String(request.extract.request?.id), attrUid: uid, attrMail: mail, attrGroup: group },
      ...this.override,
    };
    const { context } = await this.signer.createLoginResponse(service, request as never, 'post', {}, (template: string) => ({
      id: values.ID,
      context: samlify.SamlLib.replaceTagsByValue(template, values),
    }));
    return { SAMLResponse: context, RelayState: query['RelayState'] ?? '' };
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

/** An identity provider under this address with keys of its own, so also one that only pretends to be it. */
export const providerAt = async (url: string): Promise<{ readonly provider: Provider; readonly certificate: string }> => {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'saml' }], { keySize: 2048, algorithm: 'sha256' });
  const attribute = (name: string, valueTag: string) => ({ name, valueTag, nameFormat: BASIC, valueXsiType: 'xs:string' });
  const provider = samlify.IdentityProvider({
    entityID: `${url}/metadata`,
    signingCert: cert,
    privateKey: key,
    requestSignatureAlgorithm: RSA_SHA256,
    nameIDFormat: [PERSISTENT],
    singleSignOnService: [{ Binding: REDIRECT, Location: `${url}/sso` }],
    loginResponseTemplate: {
      context: samlify.SamlLib.defaultLoginResponseTemplate.context,
      attributes: [attribute('uid', 'uid'), attribute('mail', 'mail'), attribute('groups', 'group')],
    },
  });
  return { provider, certificate: cert };
};
