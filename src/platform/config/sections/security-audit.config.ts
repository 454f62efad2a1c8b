import { IsString } from 'class-validator';
import { Setting } from '../setting.js';

/** `[security_audit]`: the service that audits definitions. Without a token, a collection and an address there are no audits. */
export class SecurityAuditConfig {
  @Setting('Token of the audit service.', { secret: true })
  @IsString()
  readonly apiToken: string = '';

  @Setting('Collection of the audit service that takes the definitions.')
  @IsString()
  readonly collectionId: string = '';

  @Setting('Address of the audit service, up to and with the path of its APIs.')
  @IsString()
  readonly baseUrl: string = '';

  @Setting('Audit for every tenant; off: for the super tenant, and for tenants with a service of their own.')
  readonly global: boolean = false;
}
