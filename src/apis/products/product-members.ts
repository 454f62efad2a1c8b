import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { isUUID } from 'class-validator';
import { type FindOptionsWhere, In, Not } from 'typeorm';
import { type Api, PRODUCT_TYPE, type ProductMember, type ProductUse } from '../../domain/api.js';
import type { KeyType } from '../../domain/gateway-documents.js';
import { Conflict, Forbidden, found } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import type { Tx } from '../../platform/database/transactions.js';
import { WorkFailed, type WorkFile, WorkPool } from '../../platform/worker-pool/work-pool.js';
import { ApiEntity } from '../api.entity.js';
import { ApiDefinitionEntity, UNLESS_SAME } from '../api-definition.entity.js';
import { ApiNotFound } from '../apis.problems.js';
import { maySee } from '../apis-for-change.js';
import { sourceOf } from '../definitions/definition-source.js';
import { backendOf } from '../revisions/backend-document.js';
import { sequencesOf } from '../revisions/deployed-sequences.js';
import { DeploymentEntity } from '../revisions/deployment.entity.js';
import type { RevisionEntity } from '../revisions/revision.entity.js';
import type * as worker from './product-definition.worker.js';
import { ProductResourceEntity } from './product-resource.entity.js';
import { type ProductParts, partsOf, refuseUnfit, resourcesOf, type WantedResource } from './product-rules.js';
import { ProductTooComplex, RestoreLacksResources } from './products.problems.js';

const WORKER: WorkFile<typeof worker> = { url: new URL('./product-definition.worker.js', import.meta.url) };
const TIMEOUT_MS = 60_000;

/** What a product is made of, with the definition that goes with it. */
export interface Assembled {
  readonly parts: ProductParts;
  readonly definition: string;
}

/**
 * What ties products to the APIs whose resources they offer; every call belongs to the transaction of the change it is part of. Whoever changes
 * products and APIs in one transaction holds the tenant's APIs, then members, then products.
 */
@Injectable()
export class ProductMembers {
  constructor(private readonly pool: WorkPool) {}

  /**
   * The parts of a product that offers the wanted resources; the APIs they come from stay as they are until the transaction ends. A caller needs
   * to see those that are new to the product.
   * @throws ApiNotFound (404), Forbidden (403), MemberKindUnsupported (400), MemberStateUnsupported (409), ProductTooComplex (400).
   */
  async assemble(tx: Tx, caller: User, product: Api, wanted: readonly WantedResource[]): Promise<Assembled> {
    const apis = await hold(tx, product.organization, wanted);
    const before = new Set(product.details.members?.map(({ apiId }) => apiId));
    for (const { apiId } of wanted) {
      const api = found(apis.get(apiId), ApiNotFound, apiId);
      if (!before.has(apiId) && !maySee(caller, api)) throw Forbidden('User is not authorized to access the API');
      refuseUnfit(api);
    }
    return this.assembled(tx, product, partsOf(wanted, apis));
  }

  /** As {@link assemble}, of what a revision of the product offered. @throws RestoreLacksResources (400) where something of it is gone. */
  async reassemble(tx: Tx, product: Api, wanted: readonly WantedResource[]): Promise<Assembled> {
    const parts = partsOf(wanted, await hold(tx, product.organization, wanted));
    if (parts.operations.length < wanted.length) throw RestoreLacksResources(product.name, product.version);
    return this.assembled(tx, product, parts);
  }

  /** Notes which resources a stored product offers, so that their APIs keep them. */
  async record(tx: Tx, { id, organization }: Pick<Api, 'id' | 'organization'>, parts: Pick<ProductParts, 'operations'>): Promise<void> {
    await tx.em.delete(ProductResourceEntity, { organization, productId: id });
    const resources = resourcesOf(parts);
    // In lists: a value of its own for each would be more than a statement can have.
    await tx.em.query(
      `INSERT INTO api_product_resources (product_id, position, organization, api_id, target, verb)
       SELECT $1, place - 1, $2, api_id, target, verb
       FROM unnest($3::uuid[], $4::text[], $5::text[]) WITH ORDINALITY AS resource (api_id, target, verb, place)`,
      [id, organization, resources.map(({ apiId }) => apiId), resources.map(({ target }) => target), resources.map(({ verb }) => verb)],
    );
  }

  /** Writes the definition of a product that was stored under a new version. */
  async describe(tx: Tx, product: Api): Promise<void> {
    const wanted = resourcesOf(product.details);
    const { definition } = await this.assembled(tx, product, partsOf(wanted, await read(tx, product.organization, wanted)));
    await writeDefinition(tx, product, definition);
  }

  /** The products that offer resources of an API, which the transaction has locked. */
  async uses(tx: Tx, { organization, id }: Pick<Api, 'organization' | 'id'>): Promise<readonly ProductUse[]> {
    const where = { organization, apiId: id };
    return tx.em.find(ProductResourceEntity, { where, select: { productId: true, target: true, verb: true } });
  }

  /** Brings the products in step with an API that has changed: its operations, its scopes, its definition. */
  async follow(tx: Tx, organization: string, uses: readonly ProductUse[]): Promise<void> {
    const ids = [...new Set(uses.map(({ productId }) => productId))];
    if (ids.length === 0) return;
    const lock = { mode: 'pessimistic_write' } as const;
    const products = await tx.em.find(ApiEntity, { where: { organization, id: In(ids) }, order: { id: 'ASC' }, lock });
    for (const product of products) await this.refresh(tx, product);
  }

  /** @throws Conflict (409) while a product offers a resource of the API. */
  async refuseDeletion(tx: Tx, api: Pick<Api, 'organization' | 'id'>): Promise<void> {
    const uses = await this.uses(tx, api);
    if (uses.length === 0) return;
    const resources = [...new Set(uses.map(({ verb, target }) => `${verb} ${target}`))].join(', ');
    const refusal = Conflict(`Cannot remove the API ${api.id}: API Products use its resources ${resources}`);
    refusal.moreInfo = [...new Set(uses.map(({ productId }) => productId))].join(', ');
    throw refusal;
  }

  /** Fixes where the revision of a product leads in the environments: to what its members' endpoints are now, until it is deployed again. */
  async keepBackends(
    tx: Tx,
    { organization, apiId, id }: Pick<RevisionEntity, 'organization' | 'apiId' | 'id'>,
    environments: readonly string[],
  ): Promise<void> {
    const [kept]: readonly { members: readonly ProductMember[] | null }[] = await tx.em.query(
      "SELECT snapshot -> 'details' -> 'members' AS members FROM api_revisions WHERE organization = $1 AND id = $2",
      [organization, id],
    );
    if (!kept?.members?.length || environments.length === 0) return;
    const ids = kept.members.map((member) => member.apiId);
    const apis = await tx.em.find(ApiEntity, { where: { organization, id: In(ids) }, select: { id: true, details: true } });
    const known = new Map(apis.map((api) => [api.id, api.details]));
    const rows: readonly { api_id: string; type: KeyType; content: string }[] = await tx.em.query(
      'SELECT api_id, type, content FROM api_sequence_backends WHERE organization = $1 AND api_id = ANY ($2::uuid[])',
      [organization, ids],
    );
    const sequences = Map.groupBy(rows, (row) => row.api_id);
    const backends = ids.map((member) => ({
      ...backendOf(known.get(member) ?? { endpointConfig: null, operations: [] }),
      ...sequencesOf(sequences.get(member) ?? []),
    }));
    await tx.em.update(DeploymentEntity, { organization, apiId, environment: In([...environments]) }, { backends });
  }

  private async refresh(tx: Tx, product: ApiEntity): Promise<void> {
    const { id, organization, details } = product;
    const wanted = resourcesOf(details);
    const row = await tx.em.findOneBy(ApiDefinitionEntity, { organization, apiId: id });
    const stored = row?.text ?? null;
    const { parts, definition } = await this.assembled(tx, product, partsOf(wanted, await read(tx, organization, wanted)), stored);
    if (stored === definition && isDeepStrictEqual({ ...details, ...parts }, details)) return;
    // Later than the last change in any case, so that whoever plans another one notices.
    const updatedAt = new Date(Math.max(Date.now(), product.updatedAt.getTime() + 1));
    await tx.em.save(Object.assign(product, { details: { ...details, ...parts }, updatedAt }));
    await writeDefinition(tx, product, definition);
  }

  private async assembled(tx: Tx, product: Api, parts: ProductParts, stored: string | null = null): Promise<Assembled> {
    const { organization, details } = product;
    const rows = await tx.em.findBy(ApiDefinitionEntity, { organization, apiId: In(parts.members.map(({ apiId }) => apiId)) });
    const texts = new Map(rows.filter(({ kind }) => kind === 'OPENAPI').map(({ apiId, text }) => [apiId, text]));
    const offered = Map.groupBy(resourcesOf(parts), (resource) => resource.apiId);
    const members = parts.members.map(({ apiId, name }) => ({
      name,
      definition: texts.get(apiId) ?? null,
      operations: (offered.get(apiId) ?? []).map(({ target, verb }) => ({ target, verb })),
    }));
    const source = sourceOf({ ...product, details: { ...details, ...parts } });
    try {
      return { parts, definition: await this.pool.run(WORKER, 'productDefinition', { source, members, stored }, TIMEOUT_MS) };
    } catch (err) {
      if (err instanceof WorkFailed) throw ProductTooComplex(product.name);
      throw err;
    }
  }
}

const writeDefinition = async (tx: Tx, { id, organization }: Pick<Api, 'id' | 'organization'>, text: string): Promise<void> => {
  await tx.em.upsert(ApiDefinitionEntity, { apiId: id, organization, kind: 'OPENAPI', text }, UNLESS_SAME);
};

/** The APIs that are asked for, kept from being changed until the transaction ends; an unknown one is missing. */
const hold = (tx: Tx, organization: string, wanted: readonly WantedResource[]): Promise<ReadonlyMap<string, ApiEntity>> =>
  read(tx, organization, wanted, { lock: { mode: 'pessimistic_read' } });

const read = async (
  { em }: Tx,
  organization: string,
  wanted: readonly WantedResource[],
  options: { readonly lock?: { readonly mode: 'pessimistic_read' } } = {},
): Promise<ReadonlyMap<string, ApiEntity>> => {
  const ids = [...new Set(wanted.map(({ apiId }) => apiId))].filter((id) => isUUID(id));
  const where: FindOptionsWhere<ApiEntity> = { organization, id: In(ids), type: Not(PRODUCT_TYPE) };
  const apis = ids.length > 0 ? await em.find(ApiEntity, { where, order: { id: 'ASC' }, ...options }) : [];
  return new Map(apis.map((api) => [api.id, api]));
};
