import { Get } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { SUPER_TENANT } from '../domain/organization.js';
import { Forbidden } from '../domain/problem.js';
import type { User } from '../domain/user.js';
import { Caller } from '../platform/http/caller.js';
import { GatehouseController } from '../platform/http/controllers.js';
import { Page, Paged, type PageQuery, page } from '../platform/http/page.js';
import { Scopes } from '../platform/http/scopes.js';
import { AccessControl } from './access-control.js';
import { samplePath } from './declared-resource.js';
import { ResourceListDto } from './resources.dto.js';

const OfTheInstallation = () => Forbidden('What a server serves is its installation’s affair: only the super tenant sees it.');

/** What this server serves, and who may call it. */
@GatehouseController('resources', 'Resources')
@Scopes('apim:admin')
export class ResourcesGatehouseController {
  constructor(private readonly access: AccessControl) {}

  /** All resources by their paths. */
  @Get()
  @Paged()
  @ApiOkResponse({ type: ResourceListDto })
  list(@Caller() caller: User, @Page() window: PageQuery): ResourceListDto {
    if (caller.organization !== SUPER_TENANT) throw OfTheInstallation();
    const { resources } = this.access;
    const shown = resources.slice(window.offset, window.offset + window.limit);
    return page(
      shown.map((resource) => ({ ...resource, rule: this.access.ruleOf(resource.method, samplePath(resource)) })),
      resources.length,
      window,
    );
  }
}
