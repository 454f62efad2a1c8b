import { Get } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { ServiceCatalogController } from '../platform/http/controllers.js';
import { Anonymous } from '../platform/http/scopes.js';
import { ServiceCatalogSettingsDto } from './service-catalog-settings.dto.js';

/** What the publisher portal asks for at login to use the catalog (`reference/web-clients.md`, OAuth). */
const SCOPES = ['apim:api_view', 'service_catalog:service_view', 'service_catalog:service_write'];

@ServiceCatalogController('settings', 'Settings')
export class ServiceCatalogSettingsController {
  @Get()
  @Anonymous()
  @ApiOperation({ operationId: 'getSettings' })
  get(): ServiceCatalogSettingsDto {
    return { scopes: [...SCOPES] };
  }
}
