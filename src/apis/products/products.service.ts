import { randomUUID } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type Api, PRODUCT_TYPE, productRef, shownContext } from '../../domain/api.js';
import { shownName } from '../../domain/organization.js';
import { Conflict } from '../../domain/problem.js';
import { isSubscriptionlessPolicy } from '../../domain/subscriptionless.js';
import type { User } from '../../domain/user.js';
import { ApimConfig } from '../../platform/config/sections/apim.config.js';
import { Transactions, type Tx } from '../../platform/database/transactions.js';
import { SubscriptionReads } from '../../subscriptions/subscription-reads.js';
import { SubscriptionRemovals } from '../../subscriptions/subscription-removals.js';
import { ThrottlingPoliciesService } from '../../throttling/throttling-policies.service.js';
import { ApiEntity } from '../api.entity.js';
import { ApiChecks } from '../api-checks.js';
import { type ApiContent, contentOf } from '../api-content.js';
import { contextTemplateOf, nameOf } from '../api-rules.js';
import { type ApiChange, ApiWriter } from '../api-writer.js';
import { InvalidRoles } from '../apis.problems.js';
import { ApisService } from '../apis.service.js';
import { ApisForChange } from '../apis-for-change.js';
import { editOfPublisher } from '../edit-scope.js';
import { DeployedApis } from '../revisions/deployed-apis.js';
import { ApiCopies } from '../versions/api-copies.js';
import { ProductMembers } from './product-members.js';
import { refuseDuplicates, type WantedResource } from './product-rules.js';
import { APIProductDto } from './products.dto.js';
import { asApiDto, toApiProductDto, wantedOf } from './products.mapper.js';
import { MalformedProductContext, UnknownTiers } from './products.problems.js';

const DEFAULT_VERSION = '1.0.0';

/** A product that is checked and not yet stored, still without what comes from its members. */
export interface NewProduct {
  readonly product: Api;
  readonly wanted: readonly WantedResource[];
}

/** The API products of the publisher: APIs made of other APIs' resources. All but creation throw ProductNotFound (404), and Forbidden for whom the access roles keep out. */
@Injectable()
export class ProductsService implements OnModuleInit {
  constructor(
    private readonly apis: ApisService,
    private readonly products: ApisForChange,
    private readonly members: ProductMembers,
    private readonly writer: ApiWriter,
    private readonly checks: ApiChecks,
    private readonly plans: ThrottlingPoliciesService,
    private readonly subscriptions: SubscriptionReads,
    private readonly subscriptionRemovals: SubscriptionRemovals,
    private readonly deployed: DeployedApis,
    private readonly copies: ApiCopies,
    private readonly transactions: Transactions,
    private readonly config: ApimConfig,
  ) {}

  onModuleInit(): void {
    this.copies.register(async (tx, from, to) => {
      if (from.type !== PRODUCT_TYPE) return;
      await this.members.record(tx, to, from.details);
      await this.members.describe(tx, to);
    });
  }

  get(caller: User, id: string): Promise<Api> {
    return this.products.read(caller, productRef(id));
  }

  /** The stored definition as JSON text, or null. */
  async definition(caller: User, id: string): Promise<string | null> {
    return this.writer.definitionOf(await this.get(caller, id));
  }

  /** Adds a product in state CREATED. @throws the problems of `reference/publisher.md` §8, those of {@link ProductMembers.assemble}. */
  async create(caller: User, sent: APIProductDto): Promise<Api> {
    const planned = await this.planned(caller, sent);
    return this.transactions.run(async (tx) => {
      await this.checks.hold(tx, caller.organization);
      return this.add(tx, caller, planned);
    });
  }

  /** What {@link add} stores; without a `provider`, who is known to exist, the caller owns it, or whom an administrator names. */
  async planned(caller: User, sent: APIProductDto, provider?: string): Promise<NewProduct> {
    const { organization } = caller;
    const name = nameOf(sent.name);
    const contextTemplate = contextTemplateOf(organization, sent.context ?? '', MalformedProductContext);
    const owner = provider ?? (await this.apis.providerOf(caller, sent.provider));
    const version = sent.version ?? DEFAULT_VERSION;
    const content = await this.contentOf(organization, sent, { name, version, provider: owner });
    const wanted = wantedOf(sent);
    refuseDuplicates(wanted);
    const now = new Date();
    const product: Api = {
      id: randomUUID(),
      organization,
      provider: owner,
      name,
      version,
      context: shownContext(contextTemplate),
      contextTemplate,
      type: PRODUCT_TYPE,
      status: 'CREATED',
      createdAt: now,
      updatedAt: now,
      updatedBy: shownName(caller),
      ...content,
      isDefaultVersion: true,
    };
    return { product, wanted };
  }

  /** Stores a product within a transaction that holds the tenant's APIs. @throws as {@link create}. */
  async add(tx: Tx, caller: User, { product, wanted }: NewProduct): Promise<Api> {
    const { parts, definition } = await this.members.assemble(tx, caller, product, wanted);
    const stored = await this.writer.insert(tx, caller, { ...product, details: { ...product.details, ...parts } }, definition);
    await this.members.record(tx, stored, parts);
    return stored;
  }

  /**
   * Replaces what may change of a product, and brings it in step with its members; name, version, context, provider and state stay. `unchanged`
   * may refuse on seeing the current one. @throws as {@link create}, LiveApiNeedsPublisher, and in the portal-only mode EditOutOfScope (403).
   */
  update(caller: User, id: string, sent: APIProductDto, unchanged: (current: Api) => void): Promise<Api> {
    return this.writer.change(
      caller,
      id,
      () => this.products.read(caller, productRef(id)),
      (current) => {
        unchanged(current);
        const portalOnly = this.config.publisher.enablePortalConfigurationOnlyMode;
        return this.plannedChange(caller, current, portalOnly ? editOfPublisher(APIProductDto, toApiProductDto(current), sent) : sent);
      },
    );
  }

  /** What a product becomes; it is completed within the transaction that writes it. @throws as {@link update}. */
  async plannedChange(caller: User, current: Api, sent: APIProductDto): Promise<ApiChange> {
    const wanted = wantedOf(sent);
    refuseDuplicates(wanted);
    const content = await this.contentOf(current.organization, sent, current);
    const policies = await this.apis.plansOf(current, content.policies);
    const details = { ...content.details, hasThumbnail: current.details.hasThumbnail, workflowStatus: current.details.workflowStatus };
    // The default version is one until another one is.
    const whole = { ...content, policies, details, isDefaultVersion: current.isDefaultVersion || sent.isDefaultVersion === true };
    return {
      content: whole,
      definition: null,
      complete: async (tx, product) => {
        const changed = { ...product, ...whole, details: { ...details, members: product.details.members ?? [] } };
        const { parts, definition } = await this.members.assemble(tx, caller, changed, wanted);
        await this.members.record(tx, product, parts);
        return { content: { ...whole, details: { ...details, ...parts } }, definition };
      },
    };
  }

  /** Takes the product off the gateways and deletes it with all its parts. @throws Conflict (409) while subscriptions hold it. */
  async remove(caller: User, id: string, unchanged: (current: Api) => void): Promise<void> {
    await this.transactions.run(async (tx) => {
      const product = await this.products.lock(tx, caller, productRef(id));
      unchanged(product);
      const { organization } = product;
      if ((await this.subscriptions.activeByApi(tx, organization, id)) > 0) {
        throw Conflict(`Cannot remove the API Product ${id} as active subscriptions exist`);
      }
      await this.subscriptionRemovals.removeByApi(tx, organization, id);
      await this.deployed.forget(tx, organization, id);
      await tx.em.delete(ApiEntity, { organization, id });
    });
  }

  /** Checked content, still without what comes from the members. */
  private async contentOf(
    organization: string,
    sent: APIProductDto,
    { name, version, provider }: Pick<Api, 'name' | 'version' | 'provider'>,
  ): Promise<ApiContent> {
    if (sent.accessControl === 'RESTRICTED' && !sent.accessControlRoles?.length) throw InvalidRoles();
    await this.checkTiers(organization, sent.policies ?? []);
    const defaults = await this.apis.defaults(organization, provider);
    const content = contentOf(asApiDto(sent, { name, version }), defaults, { operations: [], scopes: [] });
    await this.checks.content(organization, name, content);
    // Plain data from here on: what was sent are instances of wire classes.
    return { ...content, details: JSON.parse(JSON.stringify(content.details)) };
  }

  /** @throws UnknownTiers (400). */
  private async checkTiers(organization: string, names: readonly string[]): Promise<void> {
    const plans = names.filter((name) => !isSubscriptionlessPolicy(name));
    const missing = await this.plans.missing(organization, 'subscription', plans);
    if (missing.length > 0) throw UnknownTiers(`[${missing.join(', ')}]`);
  }
}
