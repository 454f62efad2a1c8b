import { Body, Delete, Get, Param, Post, Put, Query } from '@nestjs/common';
import type { User } from '../../domain/user.js';
import { OauthConfig } from '../../platform/config/sections/oauth.config.js';
import { Caller } from '../../platform/http/caller.js';
import { Reply } from '../../platform/http/reply.js';
import { ClientSecrets } from '../clients/client-secrets.js';
import type { SecretForm } from '../clients/secret-mask.js';
import { type ApplicationBody, RegistrationRequestDto, UpdateRequestDto } from './dcr.dto.js';
import { fromRegistration, fromUpdate, toApplicationBody } from './dcr.mapper.js';
import { type ClientWithSecret, DcrService } from './dcr.service.js';
import { OperationTenant } from './operation-tenant.js';
import { KeyManagerOperations, Needs } from './operations.guard.js';

const CREATE = 'internal_application_mgt_create';
const VIEW = 'internal_application_mgt_view';
const UPDATE = 'internal_application_mgt_update';
const DELETE = 'internal_application_mgt_delete';

/** OAuth clients, for administrators and other servers. */
@KeyManagerOperations('dcr/register')
export class DcrController {
  constructor(
    private readonly dcr: DcrService,
    private readonly secrets: ClientSecrets,
    private readonly config: OauthConfig,
  ) {}

  @Post()
  @Needs(CREATE)
  async register(
    @Caller() caller: User,
    @OperationTenant() tenant: string,
    @Body() body: RegistrationRequestDto,
  ): Promise<Reply<ApplicationBody>> {
    return new Reply(201, this.body(await this.dcr.register(caller, tenant, fromRegistration(body)), 'plain'));
  }

  @Get(':clientId')
  @Needs(VIEW)
  async get(@OperationTenant() tenant: string, @Param('clientId') clientId: string): Promise<ApplicationBody> {
    return this.body(await this.dcr.get(tenant, clientId), this.secrets.readForm);
  }

  @Put(':clientId')
  @Needs(UPDATE)
  async update(
    @OperationTenant() tenant: string,
    @Param('clientId') clientId: string,
    @Body() body: UpdateRequestDto,
  ): Promise<ApplicationBody> {
    return this.body(await this.dcr.update(tenant, clientId, fromUpdate(body)), this.secrets.readForm);
  }

  @Delete(':clientId')
  @Needs(DELETE)
  async remove(@OperationTenant() tenant: string, @Param('clientId') clientId: string): Promise<Reply> {
    await this.dcr.remove(tenant, clientId);
    return new Reply(204);
  }

  @Post(':clientId/change-owner')
  @Needs(UPDATE)
  async changeOwner(
    @OperationTenant() tenant: string,
    @Param('clientId') clientId: string,
    @Query('applicationOwner') owner: string | readonly string[] | undefined,
  ): Promise<Reply<ApplicationBody>> {
    // A repeated parameter arrives as a list; the first counts.
    const [name] = [owner].flat();
    return new Reply(201, this.body(await this.dcr.changeOwner(tenant, clientId, name), this.secrets.readForm));
  }

  @Post(':clientId/regenerate-consumer-secret')
  @Needs(UPDATE)
  async regenerateSecret(@OperationTenant() tenant: string, @Param('clientId') clientId: string): Promise<Reply<ApplicationBody>> {
    return new Reply(201, this.body(await this.dcr.regenerateSecret(tenant, clientId), 'plain'));
  }

  private body({ client, secret }: ClientWithSecret, form: SecretForm): ApplicationBody {
    return toApplicationBody(client, secret, form, this.config);
  }
}
