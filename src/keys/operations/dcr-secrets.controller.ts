import { Body, Delete, Get, Param, Post } from '@nestjs/common';
import { Reply } from '../../platform/http/reply.js';
import { type ClientSecretBody, type ClientSecretListBody, ClientSecretRequestDto } from './dcr.dto.js';
import { toClientSecretBody } from './dcr.mapper.js';
import { DcrService } from './dcr.service.js';
import { OperationTenant } from './operation-tenant.js';
import { KeyManagerOperations, Needs } from './operations.guard.js';

const VIEW = 'internal_application_mgt_view';
const UPDATE = 'internal_application_mgt_update';

/** The secrets of an OAuth client. */
@KeyManagerOperations('dcr/register/:clientId')
export class DcrSecretsController {
  constructor(private readonly dcr: DcrService) {}

  @Post('generate-secret')
  @Needs(UPDATE)
  async generate(
    @OperationTenant() tenant: string,
    @Param('clientId') clientId: string,
    @Body() body: ClientSecretRequestDto,
  ): Promise<Reply<ClientSecretBody>> {
    const wanted = { description: body.description ?? '', expiresIn: body.expires_in ?? 0, clientSecret: body.client_secret ?? undefined };
    return new Reply(201, toClientSecretBody(await this.dcr.addSecret(tenant, clientId, wanted), 'plain'));
  }

  @Get('secrets')
  @Needs(VIEW)
  async list(@OperationTenant() tenant: string, @Param('clientId') clientId: string): Promise<ClientSecretListBody> {
    const list = (await this.dcr.listSecrets(tenant, clientId)).map((secret) => toClientSecretBody(secret, 'masked'));
    return { count: list.length, list };
  }

  @Get('secrets/:secretId')
  @Needs(VIEW)
  async get(
    @OperationTenant() tenant: string,
    @Param('clientId') clientId: string,
    @Param('secretId') secretId: string,
  ): Promise<ClientSecretBody> {
    return toClientSecretBody(await this.dcr.getSecret(tenant, clientId, secretId), 'masked');
  }

  @Delete('secrets/:secretId')
  @Needs(UPDATE)
  async remove(
    @OperationTenant() tenant: string,
    @Param('clientId') clientId: string,
    @Param('secretId') secretId: string,
  ): Promise<Reply> {
    await this.dcr.removeSecret(tenant, clientId, secretId);
    return new Reply(204);
  }
}
