import { Get } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { User } from '../../domain/user.js';
import { ApimConfig } from '../../platform/config/sections/apim.config.js';
import { Caller, Tenant } from '../../platform/http/caller.js';
import { DevportalController } from '../../platform/http/controllers.js';
import { Scopes } from '../../platform/http/scopes.js';
import { Connectors } from '../connectors/connectors.js';
import { KeyManagerAccess } from './key-manager-access.js';
import { DevportalKeyManagerListDto } from './key-managers.devportal.dto.js';
import { toDevportalInfo } from './key-managers.mapper.js';
import { KeyManagersService } from './key-managers.service.js';

@DevportalController('key-managers', 'Key Managers')
export class KeyManagersDevportalController {
  constructor(
    private readonly managers: KeyManagersService,
    private readonly connectors: Connectors,
    private readonly access: KeyManagerAccess,
    private readonly config: ApimConfig,
  ) {}

  /** The enabled ones that the caller may use; another tenant's only where its APIs may be subscribed to. */
  @Get()
  @Scopes('apim:subscribe')
  @ApiHeader({ name: 'X-WSO2-Tenant', required: false })
  async getKeyManagers(@Tenant() named: string, @Caller() caller: User): Promise<DevportalKeyManagerListDto> {
    const organization = this.config.devportal.enableCrossTenantSubscriptions ? named : caller.organization;
    const enabled = (await this.managers.list(organization)).filter((manager) => manager.enabled);
    const usable = await this.access.usable(caller, organization, enabled);
    const list = usable.map((manager) => toDevportalInfo(manager, this.connectors.of(manager.type)?.descriptor));
    return { count: list.length, list };
  }
}
