import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, type Repository } from 'typeorm';
import { writeArchive } from '../../platform/archives/write-archive.js';
import { Secrets } from '../../platform/crypto/secrets.js';
import { type ArchiveFile, ArchiveTexts } from '../archives/archive-texts.js';
import { POLICIES_FOLDER } from '../policies/adapt-policies.js';
import { policiesIn } from '../policies/attached-flows.js';
import { OperationPolicyEntity } from '../policies/operation-policy.entity.js';
import { fileNameOf, policyFiles } from '../policies/policy-archive.js';
import { openFlows } from '../policies/shown-flows.js';
import { GatewayPolicyEntity } from './gateway-policy.entity.js';

/** A set of policies that the gateways of a label run. */
export interface GatewayPolicyUse {
  readonly organization: string;
  readonly mappingId: string;
  readonly label: string;
}

/** Packs what gateways outside need to run the policies of whole gateways. */
@Injectable()
export class GatewayPolicyArchives {
  constructor(
    @InjectRepository(GatewayPolicyEntity) private readonly mappings: Repository<GatewayPolicyEntity>,
    @InjectRepository(OperationPolicyEntity) private readonly policies: Repository<OperationPolicyEntity>,
    private readonly texts: ArchiveTexts,
    private readonly secrets: Secrets,
  ) {}

  /**
   * A folder for each set with the set and its policies, secret parameters in clear, and `deployments.json` that says which labels run it: for who may read
   * the sets of the tenants. The statements are as many for a thousand sets as for one.
   */
  async archive(uses: readonly GatewayPolicyUse[]): Promise<Buffer> {
    const mappings = await this.mappings.findBy({ id: In([...new Set(uses.map(({ mappingId }) => mappingId))]) });
    const attached = mappings.flatMap(({ flows }) => policiesIn(flows).flatMap(({ policyId }) => policyId ?? []));
    const policies = new Map((await this.policies.findBy({ id: In([...new Set(attached)]) })).map((policy) => [policy.id, policy]));
    const deployments = mappings.map(({ id, organization }) => ({
      policyFile: `${id}/${MAPPING}.json`,
      environments: uses.filter(({ mappingId }) => mappingId === id).map(({ label }) => ({ name: label })),
      organizationId: organization,
    }));
    const files: ArchiveFile[] = [await this.texts.wrapped('deployments', 'deployments', { deployments }, 'JSON')];
    for (const mapping of mappings) files.push(...(await this.filesOf(mapping, policies)));
    return writeArchive(files);
  }

  private async filesOf(
    { id, displayName, description, flows }: GatewayPolicyEntity,
    policies: ReadonlyMap<string, OperationPolicyEntity>,
  ): Promise<readonly ArchiveFile[]> {
    const policyMapping = openFlows(flows, (sealed) => this.secrets.decrypt(sealed));
    const used = [...new Set(policiesIn(flows).map(({ policyId = '' }) => policyId))].flatMap((policyId) => policies.get(policyId) ?? []);
    return [
      await this.texts.wrapped(`${id}/${MAPPING}`, MAPPING, { id, displayName, description, policyMapping }, 'JSON'),
      ...used.flatMap((policy) => policyFiles(policy, 'JSON', `${id}/${POLICIES_FOLDER}${fileNameOf(`${policy.name}_${policy.version}`)}`)),
    ];
  }
}

const MAPPING = 'gateway_policy';
