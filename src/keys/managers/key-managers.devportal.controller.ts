import { Get } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import { Tenant } from '../../platform/http/caller.js';
import { DevportalController } from '../../platform/http/controllers.js';
import { Scopes } from '../../platform/http/scopes.js';
import { DevportalKeyManagerListDto } from './key-managers.devportal.dto.js';
import { toDevportalInfo } from './key-managers.mapper.js';
import { KeyManagersService } from './key-managers.service.js';

@DevportalController('key-managers', 'Key Managers')
export class KeyManagersDevportalController {
  constructor(private readonly managers: KeyManagersService) {}

  /** The enabled ones. */
  @Get()
  @Scopes('apim:subscribe')
  @ApiHeader({ name: 'X-WSO2-Tenant', required: false })
  async getKeyManagers(@Tenant() organization: string): Promise<DevportalKeyManagerListDto> {
    const list = (await this.managers.list(organization)).filter(({ enabled }) => enabled).map(toDevportalInfo);
    return { count: list.length, list };
  }
}
