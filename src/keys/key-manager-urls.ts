import { Injectable } from '@nestjs/common';
import { SUPER_TENANT } from '../domain/organization.js';
import { Installation } from '../platform/config/installation.js';

/** The URLs of the key manager. Token and revocation URLs are the same for all tenants, the rest carries `/t/<tenant>` (`reference/key-manager.md` §1). */
@Injectable()
export class KeyManagerUrls {
  readonly base: string;
  readonly token: string;
  readonly revoke: string;

  constructor(installation: Installation) {
    this.base = installation.managementUrl;
    this.token = `${this.base}/oauth2/token`;
    this.revoke = `${this.base}/oauth2/revoke`;
  }

  /** `iss` of the tenant's tokens. */
  issuer(organization: string): string {
    return this.tenant(organization, '/oauth2/token');
  }

  /** The path below the tenant's own prefix; the super tenant has none. */
  tenant(organization: string, path: string): string {
    return organization === SUPER_TENANT ? `${this.base}${path}` : `${this.base}/t/${organization}${path}`;
  }
}
