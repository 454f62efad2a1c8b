import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Tx } from '../../platform/database/transactions.js';
import { Feed } from '../../platform/feed/feed.js';
import { policiesIn } from '../policies/attached-flows.js';
import { carrierDocument, deployedAmong, flowsDocument } from '../policies/deployed-policies.js';
import { DocumentUpgrade } from '../revisions/document-upgrade.js';
import { GatewayPolicyDeploymentEntity, GatewayPolicyEntity } from './gateway-policy.entity.js';

const KIND = 'gateway-policies';

/** Keeps the gateways' documents of the sets they run in step with their deployments; every call belongs to the transaction of the change it follows. */
@Injectable()
export class DeployedGatewayPolicies implements OnModuleInit {
  constructor(
    private readonly feed: Feed,
    private readonly upgrade: DocumentUpgrade,
  ) {}

  onModuleInit(): void {
    this.upgrade.register((tx) => this.refreshAll(tx));
  }

  /** Has the gateways of these labels run the set as it is now. */
  async serve(
    tx: Tx,
    { organization, flows }: Pick<GatewayPolicyEntity, 'organization' | 'flows'>,
    labels: readonly string[],
  ): Promise<void> {
    if (labels.length === 0) return;
    const attached = policiesIn(flows);
    const deployed = await deployedAmong(tx, organization, [...new Set(attached.flatMap(({ policyId }) => policyId ?? []))]);
    const policies = flowsDocument(flows, deployed);
    if (policies === undefined) return;
    const carrier = carrierDocument(attached, deployed);
    for (const label of labels) await this.feed.put(tx, organization, KIND, label, { label, policies, ...carrier });
  }

  /** Has the gateways of a label run nothing of the kind. */
  remove(tx: Tx, organization: string, label: string): Promise<void> {
    return this.feed.remove(tx, organization, KIND, label);
  }

  private async refreshAll(tx: Tx): Promise<void> {
    const deployments = await tx.em.find(GatewayPolicyDeploymentEntity, { lock: { mode: 'pessimistic_read' } });
    for (const { organization, mappingId, label } of deployments) {
      const mapping = await tx.em.findOneBy(GatewayPolicyEntity, { organization, id: mappingId });
      if (mapping !== null) await this.serve(tx, mapping, [label]);
    }
  }
}
