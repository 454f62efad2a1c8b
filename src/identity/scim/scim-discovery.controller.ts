import { Get, Param } from '@nestjs/common';
import { found } from '../../domain/problem.js';
import { Anonymous } from '../../platform/http/scopes.js';
import { ANY_USER, Needs } from '../identity.guard.js';
import { RESOURCE_TYPES, SCHEMAS, SERVICE_PROVIDER_CONFIG } from './discovery.js';
import { SchemaNotFound } from './scim.problems.js';
import { ScimEndpoint } from './scim-endpoint.js';
import { listResponse, type Resource } from './scim-lists.js';

const all = (resources: readonly Resource[]): Resource =>
  listResponse(
    { resources, total: resources.length },
    { filter: undefined, startIndex: 1, count: resources.length, projection: { attributes: [], excluded: [] } },
  );

/** `/scim2/ServiceProviderConfig`, open to everybody. */
@ScimEndpoint('ServiceProviderConfig')
@Anonymous()
export class ScimConfigController {
  @Get()
  get() {
    return SERVICE_PROVIDER_CONFIG;
  }
}

/** `/scim2/ResourceTypes`, open to everybody. */
@ScimEndpoint('ResourceTypes')
@Anonymous()
export class ScimResourceTypesController {
  @Get()
  list(): Resource {
    return all(RESOURCE_TYPES);
  }
}

/** `/scim2/Schemas`, for any user. */
@ScimEndpoint('Schemas')
@Needs(ANY_USER)
export class ScimSchemasController {
  @Get()
  list(): Resource {
    return all(SCHEMAS);
  }

  @Get(':id')
  get(@Param('id') id: string) {
    return found(
      SCHEMAS.find((schema) => schema.id === id),
      SchemaNotFound,
      id,
    );
  }
}
