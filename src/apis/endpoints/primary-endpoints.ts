import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { isUUID } from 'class-validator';
import { type EntityManager, In, type Repository } from 'typeorm';
import type { Api, ApiDetails } from '../../domain/api.js';
import { ApiEndpointEntity, type DeploymentStage } from './api-endpoint.entity.js';
import { defaultEndpoints, primariesOf } from './api-endpoint-rules.js';
import { PrimaryEndpointUnknown } from './api-endpoints.problems.js';

/** Which endpoints serve an AI API where no policy picks one. Checked when an API changes: a new one gets its endpoints afterwards. */
@Injectable()
export class PrimaryEndpoints {
  constructor(@InjectRepository(ApiEndpointEntity) private readonly endpoints: Repository<ApiEndpointEntity>) {}

  /** Whether the API has the endpoints that its new details name, each of the right stage. @throws PrimaryEndpointUnknown (902040). */
  async check(
    { organization, id: apiId }: Pick<Api, 'organization' | 'id'>,
    details: ApiDetails,
    em: EntityManager = this.endpoints.manager,
  ): Promise<void> {
    const { primaryProductionEndpointId, primarySandboxEndpointId } = primariesOf(details);
    const wanted: readonly (readonly [string | null, DeploymentStage])[] = [
      [primaryProductionEndpointId, 'PRODUCTION'],
      [primarySandboxEndpointId, 'SANDBOX'],
    ];
    const ids = wanted.flatMap(([id]) => (id !== null && isUUID(id) ? [id] : []));
    const own = ids.length > 0 ? await em.findBy(ApiEndpointEntity, { organization, apiId, id: In(ids) }) : [];
    const known = [...defaultEndpoints(details.endpointConfig), ...own];
    for (const [id, stage] of wanted) {
      const has = id === null || known.some((endpoint) => endpoint.id === id && endpoint.deploymentStage === stage);
      if (!has) throw PrimaryEndpointUnknown(id);
    }
  }
}
