import { Injectable } from '@nestjs/common';
import type { ApplicationAttribute } from '../domain/application.js';
import type { ConfiguredAttribute } from '../identity/tenant-config/tenant-config.js';
import { TenantConfigs } from '../identity/tenant-config/tenant-configs.js';
import { ApimConfig } from '../platform/config/sections/apim.config.js';

/** What applications of a tenant carry beside their name and description: as the tenant says, else as the server does. */
@Injectable()
export class ApplicationAttributes {
  constructor(
    private readonly tenantConfigs: TenantConfigs,
    private readonly config: ApimConfig,
  ) {}

  async of(organization: string): Promise<readonly ApplicationAttribute[]> {
    const attributes = (await this.tenantConfigs.of(organization)).ApplicationConfigs?.Attributes;
    // Documents of earlier releases hold this key unchecked.
    return Array.isArray(attributes) ? attributes.map(attributeOf) : this.config.devportal.applicationAttributes;
  }
}

const attributeOf = ({ Attribute, Description, Required, Hidden, Type, Tooltip, Default }: ConfiguredAttribute): ApplicationAttribute => ({
  name: Attribute,
  description: Description ?? '',
  required: isTrue(Required),
  hidden: isTrue(Hidden),
  type: Type ?? '',
  tooltip: Tooltip ?? '',
  default: Default ?? '',
});

/** Older documents have flags as words. */
const isTrue = (flag: boolean | string | undefined): boolean => String(flag).toLowerCase() === 'true';
