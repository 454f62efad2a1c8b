import { Injectable } from '@nestjs/common';
import { shownName } from '../../domain/organization.js';
import { ClientSecrets } from '../../keys/clients/client-secrets.js';
import { ownerOf } from '../../keys/clients/oauth-client.js';
import { expirySeconds, shownSecret } from '../../keys/clients/secret-mask.js';
import { type ClientWithSecret, DcrService } from '../../keys/operations/dcr.service.js';
import { lifetimesOf } from '../../keys/tokens/lifetimes.js';
import { OauthConfig } from '../../platform/config/sections/oauth.config.js';
import { AdminService, all, answers, does } from './admin-service.js';
import { ParameterInvalid } from './admin-services.problems.js';
import type { Parameters } from './parameters.js';
import type { SoapBean } from './soap-message.js';

const CONSUMER_APP = 'http://dto.oauth.identity.carbon.wso2.org/xsd';
const STATES: ReadonlyMap<string, boolean> = new Map([
  ['ACTIVE', false],
  ['REVOKED', true],
]);

const consumerKey = (parameters: Parameters): string => parameters.text('consumerKey') ?? '';

/** `OAuthAdminService`: OAuth clients of the caller's tenant (`reference/identity.md` §4). */
@Injectable()
export class OAuthAdmin extends AdminService {
  readonly name = 'OAuthAdminService';
  readonly namespace = 'http://org.apache.axis2/xsd';
  readonly exception = 'OAuthAdminServiceIdentityOAuthAdminException';

  constructor(
    private readonly dcr: DcrService,
    private readonly secrets: ClientSecrets,
    private readonly config: OauthConfig,
  ) {
    super();
  }

  readonly operations = {
    getOAuthApplicationData: answers(all('internal_application_mgt_view'), async ({ organization }, parameters) =>
      this.toConsumerApp(await this.dcr.get(organization, consumerKey(parameters))),
    ),
    updateConsumerAppState: does(all('internal_application_mgt_update'), async ({ organization }, parameters) => {
      const isRevoked = STATES.get(parameters.text('newState')?.trim().toUpperCase() ?? '');
      if (isRevoked === undefined) throw ParameterInvalid('newState', 'ACTIVE or REVOKED');
      await this.dcr.setRevoked(organization, consumerKey(parameters), isRevoked);
    }),
    removeOAuthApplicationData: does(all('internal_application_mgt_delete'), ({ organization }, parameters) =>
      this.dcr.remove(organization, consumerKey(parameters)),
    ),
  };

  private toConsumerApp({ client, secret }: ClientWithSecret): SoapBean {
    const lives = lifetimesOf(client, this.config);
    return {
      namespace: CONSUMER_APP,
      fields: [
        ['OAuthVersion', 'OAuth-2.0'],
        ['applicationAccessTokenExpiryTime', lives.application],
        ['applicationName', client.name],
        ['bypassClientCredentials', client.bypassClientCredentials],
        ['callbackUrl', client.callbackUrl],
        ['grantTypes', client.grantTypes.join(' ')],
        ['idTokenExpiryTime', lives.id],
        ['oauthConsumerKey', client.clientId],
        ['oauthConsumerSecret', secret ? shownSecret(secret.secret, this.secrets.readForm) : null],
        ['pkceMandatory', client.pkceMandatory],
        ['pkceSupportPlain', client.pkceSupportPlain],
        ['refreshTokenExpiryTime', lives.refresh],
        ['secretDescription', secret?.description || null],
        ['secretExpiryTime', secret?.expiresAt ? expirySeconds(secret.expiresAt) : null],
        ['state', client.isRevoked ? 'REVOKED' : 'ACTIVE'],
        ['tokenType', client.tokenType],
        ['userAccessTokenExpiryTime', lives.user],
        ['username', shownName(ownerOf(client))],
      ],
    };
  }
}
