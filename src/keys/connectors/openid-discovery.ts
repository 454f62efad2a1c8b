import { Injectable } from '@nestjs/common';
import { Outbound, OutboundError } from '../../platform/outbound/outbound.js';

const DOCUMENT_BYTES_MAX = 131_072;
const GRANTS_MAX = 50;

/** What an authorization server says of itself (RFC 8414, OpenID Connect Discovery); empty where it says nothing. */
export interface OpenIdMetadata {
  readonly issuer: string;
  readonly tokenEndpoint: string;
  readonly revokeEndpoint: string;
  readonly introspectionEndpoint: string;
  readonly clientRegistrationEndpoint: string;
  readonly userInfoEndpoint: string;
  readonly authorizeEndpoint: string;
  readonly jwksUri: string;
  readonly grantTypes: readonly string[];
}

/** Reads the metadata of authorization servers. */
@Injectable()
export class OpenIdDiscovery {
  constructor(private readonly outbound: Outbound) {}

  /** Undefined when the address answers with nothing usable. */
  async read(address: string): Promise<OpenIdMetadata | undefined> {
    try {
      const { status, body } = await this.outbound.get(address, DOCUMENT_BYTES_MAX, { accept: 'application/json' });
      return status === 200 ? metadataOf(JSON.parse(body.toString())) : undefined;
    } catch (err) {
      if (err instanceof OutboundError || err instanceof SyntaxError) return undefined;
      throw err;
    }
  }
}

const metadataOf = (document: unknown): OpenIdMetadata | undefined => {
  if (typeof document !== 'object' || document === null) return undefined;
  const said = document as Readonly<Record<string, unknown>>; // every member is looked at before it is used
  const text = (name: string) => (typeof said[name] === 'string' ? said[name] : '');
  const grants = said['grant_types_supported'];
  const metadata = {
    issuer: text('issuer'),
    tokenEndpoint: text('token_endpoint'),
    revokeEndpoint: text('revocation_endpoint'),
    introspectionEndpoint: text('introspection_endpoint'),
    clientRegistrationEndpoint: text('registration_endpoint'),
    userInfoEndpoint: text('userinfo_endpoint'),
    authorizeEndpoint: text('authorization_endpoint'),
    jwksUri: text('jwks_uri'),
    grantTypes: Array.isArray(grants) ? grants.filter((grant) => typeof grant === 'string').slice(0, GRANTS_MAX) : [],
  };
  return metadata.issuer === '' ? undefined : metadata;
};
