import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { isUUID } from 'class-validator';
import { Accounts } from '../../platform/auth/accounts.js';
import { Installation } from '../../platform/config/installation.js';
import { BASE_PATHS } from '../../platform/http/controllers.js';
import type { Viewer } from '../portal/portal-sight.js';
import { LinkRefused } from './wsdl.problems.js';

const KEY_BYTES = 32;
const VALID_S = 600;
/** In the place of a user's id: a guest's link. */
const GUEST = 'guest';

/** What a link is about. */
export interface LinkedWsdl {
  readonly apiId: string;
  /** Empty for any one. */
  readonly environmentName: string;
  readonly format: string;
}

/** The parameters that make a link one. */
export interface LinkSignature {
  /** Seconds since 1970. */
  readonly exp: string;
  readonly sig: string;
}

/**
 * Addresses of WSDLs that open for ten minutes without signing in, for tools that cannot. A link shows what its maker may see when it is used; it is
 * signed with a key that follows from the installation's, so that nothing is kept.
 */
@Injectable()
export class WsdlLinks {
  private readonly key: Buffer;

  constructor(
    private readonly installation: Installation,
    private readonly accounts: Accounts,
  ) {
    this.key = Buffer.from(hkdfSync('sha256', Buffer.from(installation.encryptionKey, 'hex'), '', 'links to WSDLs', KEY_BYTES));
  }

  make({ organization, caller }: Viewer, wsdl: LinkedWsdl): string {
    const exp = String(Math.floor(Date.now() / 1000) + VALID_S);
    const maker = caller?.id ?? GUEST;
    const query = new URLSearchParams({
      ...(wsdl.environmentName === '' ? {} : { environmentName: wsdl.environmentName }),
      ...(wsdl.format === '' ? {} : { format: wsdl.format }),
      ...{ 'X-WSO2-Tenant-Q': organization, exp, sig: `${maker}.${this.mac(organization, maker, exp, wsdl)}` },
    });
    return `${this.installation.managementUrl}${BASE_PATHS.devportal}/apis/${wsdl.apiId}/wsdl?${query.toString()}`;
  }

  /** On whose behalf the link shows the WSDL. @throws LinkRefused (403) for one that has expired or was changed, and when its maker is gone. */
  async viewer(organization: string, wsdl: LinkedWsdl, { exp, sig }: LinkSignature): Promise<Viewer> {
    const [maker = '', mac = ''] = sig.split('.', 2);
    const expected = Buffer.from(this.mac(organization, maker, exp, wsdl));
    const given = Buffer.from(mac);
    const isOurs = given.length === expected.length && timingSafeEqual(given, expected);
    if (!isOurs || Number(exp) * 1000 < Date.now()) throw LinkRefused();
    if (maker === GUEST) return { organization, caller: undefined };
    const account = isUUID(maker) ? await this.accounts.byId(maker) : undefined;
    if (account === undefined) throw LinkRefused();
    return { organization, caller: { ...account, scopes: new Set() } };
  }

  private mac(organization: string, maker: string, exp: string, { apiId, environmentName, format }: LinkedWsdl): string {
    const text = JSON.stringify([organization, maker, exp, apiId, environmentName, format]);
    return createHmac('sha256', this.key).update(text).digest('base64url');
  }
}
