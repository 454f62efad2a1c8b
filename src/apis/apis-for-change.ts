import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { isUUID } from 'class-validator';
import { type FindOptionsWhere, Not, type Repository } from 'typeorm';
import { type Api, type ApiRef, isLive, PRODUCT_TYPE } from '../domain/api.js';
import { shownName } from '../domain/organization.js';
import { Forbidden, found, type ProblemKind, problem } from '../domain/problem.js';
import { hasAnyRole, isAdmin, type User } from '../domain/user.js';
import type { Tx } from '../platform/database/transactions.js';
import { ApiEntity } from './api.entity.js';
import { ApiNotFound, ProductNotFound } from './apis.problems.js';

/** Without one of these a caller may not touch an API that is published or deprecated (`reference/publisher.md` §1). */
const PUBLISHING_SCOPES: readonly string[] = [
  'apim:api_publish',
  'apim:api_import_export',
  'apim:api_product_import_export',
  'apim:api_manage',
  'apim:admin',
];

export const LiveApiNeedsPublisher = problem(
  403,
  900380,
  'Insufficient permission to update the API',
  'Updating the API is restricted as as it is %s.',
);

/** Who may see an API in the publisher (`reference/publisher.md` §3.4): its owner, administrators, holders of an access role; everybody when it has none. */
export const maySee = (caller: User, api: Pick<Api, 'provider' | 'accessControlRoles'>): boolean =>
  api.accessControlRoles.length === 0 ||
  shownName(caller) === api.provider ||
  isAdmin(caller) ||
  hasAnyRole(caller, api.accessControlRoles);

const whereOf = (caller: Pick<User, 'organization'>, { kind, id }: ApiRef): FindOptionsWhere<ApiEntity> => ({
  id,
  organization: caller.organization,
  ...(kind === 'api' && { type: Not(PRODUCT_TYPE) }),
  ...(kind === 'product' && { type: PRODUCT_TYPE }),
});

/** What a ref that leads nowhere is answered with, unless the operation has a word of its own. */
const unknownOf = ({ kind }: ApiRef): ProblemKind => (kind === 'product' ? ProductNotFound : ApiNotFound);

/** The API or product behind an operation on it or one of its parts: found, visible to the caller, and for a change locked. */
@Injectable()
export class ApisForChange {
  constructor(@InjectRepository(ApiEntity) private readonly apis: Repository<ApiEntity>) {}

  /** The API, held against other changes until the transaction ends. @throws the given problem or 404, Forbidden, LiveApiNeedsPublisher. */
  async lock(tx: Tx, caller: User, ref: ApiRef, unknown: ProblemKind = unknownOf(ref)): Promise<ApiEntity> {
    const lock = { mode: 'pessimistic_write' } as const;
    const api = isUUID(ref.id) ? await tx.em.findOne(ApiEntity, { where: whereOf(caller, ref), lock }) : null;
    return this.changeable(caller, this.visible(caller, found(api, unknown, ref.id)));
  }

  /** As {@link read}, and kept from being changed or deleted until the transaction ends: what is written about the API then still holds. */
  async hold(tx: Tx, caller: User, ref: ApiRef, unknown: ProblemKind = unknownOf(ref)): Promise<ApiEntity> {
    const lock = { mode: 'pessimistic_read' } as const;
    const api = isUUID(ref.id) ? await tx.em.findOne(ApiEntity, { where: whereOf(caller, ref), lock }) : null;
    return this.visible(caller, found(api, unknown, ref.id));
  }

  /** @throws the given problem or 404 when there is no such API, Forbidden when the caller is kept out. */
  async read(caller: User, ref: ApiRef, unknown: ProblemKind = unknownOf(ref)): Promise<ApiEntity> {
    return this.visible(caller, found(await this.find(caller, ref), unknown, ref.id));
  }

  /** The API, or null when the caller's tenant has none of this id. */
  async find(caller: User, ref: ApiRef): Promise<ApiEntity | null> {
    return isUUID(ref.id) ? this.apis.findOneBy(whereOf(caller, ref)) : null;
  }

  private visible(caller: User, api: ApiEntity): ApiEntity {
    if (!maySee(caller, api)) throw Forbidden('User is not authorized to access the API');
    return api;
  }

  private changeable(caller: User, api: ApiEntity): ApiEntity {
    if (isLive(api.status) && !PUBLISHING_SCOPES.some((scope) => caller.scopes.has(scope))) throw LiveApiNeedsPublisher(api.status);
    return api;
  }
}
