import { Get } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { User } from '../../domain/user.js';
import { Caller, MaybeCaller, Tenant } from '../../platform/http/caller.js';
import { DevportalController } from '../../platform/http/controllers.js';
import { Anonymous, Scopes } from '../../platform/http/scopes.js';
import { ApplicationAttributes } from '../application-attributes.js';
import { DevportalSettings } from './devportal-settings.js';
import { ApplicationAttributeListDto, DevportalSettingsDto } from './settings.dto.js';

@DevportalController('settings', 'Settings')
export class SettingsDevportalController {
  constructor(
    private readonly settings: DevportalSettings,
    private readonly attributes: ApplicationAttributes,
  ) {}

  @Get()
  @Anonymous()
  @Scopes('apim:store_settings')
  @ApiHeader({ name: 'X-WSO2-Tenant', required: false })
  get(@Tenant() tenant: string, @MaybeCaller() caller: User | undefined): Promise<DevportalSettingsDto> {
    return this.settings.of(tenant, caller);
  }

  /** The attributes a form for applications asks for; hidden ones are left out. */
  @Get('application-attributes')
  @Scopes('apim:subscribe')
  @ApiHeader({ name: 'If-None-Match', required: false })
  async applicationAttributes(@Caller() caller: User): Promise<ApplicationAttributeListDto> {
    const shown = (await this.attributes.of(caller.organization)).filter(({ hidden }) => !hidden);
    const list = shown.map(({ name, description, type, tooltip, required, hidden }) => ({
      description,
      type,
      tooltip,
      required: String(required),
      attribute: name,
      hidden: String(hidden),
    }));
    return { count: list.length, list };
  }
}
