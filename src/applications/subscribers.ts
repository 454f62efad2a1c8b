import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type Application, DEFAULT_APPLICATION, numberOf, storedAttributes } from '../domain/application.js';
import type { UserName } from '../domain/organization.js';
import { TenantConfigs } from '../identity/tenant-config/tenant-configs.js';
import { Transactions, type Tx } from '../platform/database/transactions.js';
import { Feed } from '../platform/feed/feed.js';
import { ThrottlingPoliciesService } from '../throttling/throttling-policies.service.js';
import { ApplicationEntity } from './application.entity.js';
import { ApplicationAttributes } from './application-attributes.js';
import { toApplicationDocument } from './applications.mapper.js';
import { TierInvalid } from './applications.problems.js';

const DEFAULT_DESCRIPTION = 'This is the default application';

export type NewApplication = Pick<
  ApplicationEntity,
  'organization' | 'name' | 'owner' | 'throttlingPolicy' | 'description' | 'visibility' | 'consumerOrganization' | 'groups' | 'attributes'
>;

/** Who consumes APIs, and the application each starts with. */
@Injectable()
export class Subscribers {
  constructor(
    private readonly database: DataSource,
    private readonly transactions: Transactions,
    private readonly policies: ThrottlingPoliciesService,
    private readonly tenantConfigs: TenantConfigs,
    private readonly attributes: ApplicationAttributes,
    private readonly feed: Feed,
  ) {}

  /** Makes a user who is here for the first time a subscriber with a default application, unless the tenant wants none; afterwards it only looks. */
  async welcome({ organization, name }: UserName): Promise<void> {
    const known: readonly unknown[] = await this.database.query('SELECT 1 FROM subscribers WHERE organization = $1 AND name = $2', [
      organization,
      name,
    ]);
    if (known.length > 0) return;
    const isUnwanted = (await this.tenantConfigs.of(organization)).DisableDefaultApplicationCreation === true;
    const throttlingPolicy = await this.policies.defaultName(organization, 'application');
    const declared = await this.attributes.of(organization);
    await this.transactions.run(async (tx) => {
      // Two first requests at once: the second one waits here for the first one's commit and then inserts nothing.
      const first: readonly unknown[] = await tx.em.query(
        'INSERT INTO subscribers (organization, name) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING name',
        [organization, name],
      );
      if (first.length === 0 || isUnwanted) return;
      if (await tx.em.existsBy(ApplicationEntity, { organization, owner: name, name: DEFAULT_APPLICATION })) return;
      // Nobody is asked about this one (`reference/devportal.md` §5).
      const application = await this.add(tx, {
        organization,
        owner: name,
        name: DEFAULT_APPLICATION,
        throttlingPolicy,
        description: DEFAULT_DESCRIPTION,
        visibility: 'PRIVATE',
        consumerOrganization: '',
        groups: [],
        attributes: storedAttributes({}, declared),
      });
      await this.announce(tx, application);
    });
  }

  /** Tells the gateways of an application as it is now. */
  async announce(tx: Tx, application: Application): Promise<void> {
    await this.feed.put(tx, application.organization, 'application', application.id, toApplicationDocument(application));
  }

  /**
   * Stores a new, approved application of which the gateways do not know yet. The caller handles the constraint `applications_owner_name`.
   * @throws TierInvalid (400) when its policy is gone meanwhile.
   */
  async add(tx: Tx, content: NewApplication): Promise<ApplicationEntity> {
    await this.holdPolicy(tx, content, content.throttlingPolicy);
    const id = await this.freeId(tx, content.organization);
    const application = tx.em.create(ApplicationEntity, {
      ...content,
      id,
      number: numberOf(id),
      status: 'APPROVED',
      tokenType: 'JWT',
      quotaResets: {},
    });
    await tx.em.insert(ApplicationEntity, application);
    return application;
  }

  /** Keeps the policy that an application is to be under until the transaction ends. @throws TierInvalid (400) when it is gone. */
  async holdPolicy(tx: Tx, { organization }: Pick<ApplicationEntity, 'organization'>, name: string): Promise<void> {
    if ((await this.policies.hold(tx, organization, 'application', [name])).length > 0) throw TierInvalid();
  }

  /** An id whose number no application of the organization has; a second try is needed once in millions. */
  private async freeId(tx: Tx, organization: string): Promise<string> {
    const id = randomUUID();
    return (await tx.em.existsBy(ApplicationEntity, { organization, number: numberOf(id) })) ? this.freeId(tx, organization) : id;
  }
}
