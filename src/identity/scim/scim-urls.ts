import { Injectable } from '@nestjs/common';
import { tenantContext } from '../../domain/organization.js';
import { Installation } from '../../platform/config/installation.js';

export type ResourcePath = 'Users' | 'Groups' | 'Roles' | 'v2/Roles';

/** Where SCIM resources are. */
@Injectable()
export class ScimUrls {
  constructor(private readonly installation: Installation) {}

  of(organization: string, path: ResourcePath, id: string): string {
    return `${this.installation.managementUrl}${tenantContext(organization, '/scim2')}/${path}/${id}`;
  }
}
