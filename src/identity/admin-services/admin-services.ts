import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { fullName } from '../../domain/organization.js';
import { found, Problem } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import { Reply } from '../../platform/http/reply.js';
import { Log } from '../../platform/logging/log.js';
import type { AdminService, Operation } from './admin-service.js';
import { AccessDenied, OperationUnknown, ServiceUnknown } from './admin-services.problems.js';
import { OAuthAdmin } from './oauth-admin.js';
import { Parameters } from './parameters.js';
import { RemoteUserStoreManager } from './remote-user-store-manager.js';
import { serviceNameIn } from './service-names.js';
import { localName, payloadOf, responseOf } from './soap-message.js';
import { TenantAdmin } from './tenant-admin.js';
import { UserAdmin } from './user-admin.js';

export const SOAP_TYPE = 'text/xml; charset=UTF-8';

/** The SOAP services, by the paths they are called at. */
@Injectable()
export class AdminServices {
  private readonly byName: ReadonlyMap<string, AdminService>;

  constructor(
    remoteUserStoreManager: RemoteUserStoreManager,
    userAdmin: UserAdmin,
    oauthAdmin: OAuthAdmin,
    tenantAdmin: TenantAdmin,
    private readonly log: Log,
  ) {
    this.byName = new Map([remoteUserStoreManager, userAdmin, oauthAdmin, tenantAdmin].map((service) => [service.name, service]));
  }

  /** The service that a request calls. @throws ServiceUnknown (404). */
  of({ path }: Pick<Request, 'path'>): AdminService {
    return found(this.byName.get(serviceNameIn(path)), ServiceUnknown);
  }

  /**
   * Carries out the operation that the first element of the message's body names. @throws MessageInvalid, VersionMismatch, OperationUnknown (400), AccessDenied (403)
   * and what the operation refuses, unless it is one-way: then nobody is told but the log.
   */
  async answer(service: AdminService, caller: User, message: string): Promise<Reply<string>> {
    const payload = payloadOf(message);
    const name = localName(payload);
    const operation = found(operationOf(service, name), OperationUnknown, service.name, name.slice(0, 100));
    if (!operation.needs(caller.scopes)) throw AccessDenied();
    const parameters = new Parameters(payload);
    if (operation.isOneWay) return this.carryOut(service, name, operation, caller, parameters);
    const value = await operation.run(caller, parameters);
    return new Reply(200, responseOf(service.namespace, name, value), { 'Content-Type': SOAP_TYPE });
  }

  private async carryOut(
    { name: service }: AdminService,
    operation: string,
    { run }: Operation,
    caller: User,
    parameters: Parameters,
  ): Promise<Reply<string>> {
    try {
      await run(caller, parameters);
    } catch (err) {
      if (!(err instanceof Problem)) throw err;
      this.log.warn({ service, operation, by: fullName(caller), reason: err.description }, 'an administration request changed nothing');
    }
    return new Reply(202);
  }
}

const operationOf = ({ operations }: AdminService, name: string): Operation | undefined =>
  Object.hasOwn(operations, name) ? operations[name] : undefined;
