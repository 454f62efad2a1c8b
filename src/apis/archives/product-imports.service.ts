import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, Not, type Repository } from 'typeorm';
import { type Api, type ApiType, PRODUCT_TYPE, productRef } from '../../domain/api.js';
import { found } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import type { Tx } from '../../platform/database/transactions.js';
import { validateKnown } from '../../platform/http/validation.pipe.js';
import { ApiEntity } from '../api.entity.js';
import { nameOf } from '../api-rules.js';
import { type ApiChange, ApiWriter } from '../api-writer.js';
import { ApiExists } from '../apis.problems.js';
import { ApisForChange } from '../apis-for-change.js';
import { isObject, type JsonObject, textAt } from '../definitions/json-document.js';
import { APIProductDto } from '../products/products.dto.js';
import { type NewProduct, ProductsService } from '../products/products.service.js';
import { ApiNotFound } from '../revisions/revisions.problems.js';
import type { ApiProject, ProductProject } from './api-projects.js';
import { ArchiveDeployments } from './archive-deployments.js';
import { type ApiImportPlan, ArchiveImports } from './archive-imports.service.js';
import { type ImportedApi, ImportSteps, type ImportTail, statusOf } from './import-steps.js';
import { portableObject } from './portable-object.js';

export interface ProductImportOptions {
  readonly preserveProvider: boolean;
  readonly rotateRevision: boolean;
  /** The members in the archive are imported too; otherwise the tenant has them already. */
  readonly importAPIs: boolean;
  /** Members that exist are changed rather than refused. */
  readonly overwriteAPIs: boolean;
  readonly overwriteAPIProduct: boolean;
}

/** Members first, then the product that is made of them. */
type ProductImportPlan = ImportTail & { readonly members: readonly ApiImportPlan[] } & (
    | { readonly added: NewProduct; readonly existing: null }
    | { readonly change: ApiChange; readonly existing: ApiEntity }
  );

/** The ids of members by {@link keyOf}. */
type MemberIds = ReadonlyMap<string, string>;

/** Makes API products from archives, or changes them, each in one transaction with its members (`reference/publisher.md` §20). */
@Injectable()
export class ProductImports {
  constructor(
    @InjectRepository(ApiEntity) private readonly rows: Repository<ApiEntity>,
    private readonly products: ProductsService,
    private readonly apis: ArchiveImports,
    private readonly access: ApisForChange,
    private readonly writer: ApiWriter,
    private readonly deployments: ArchiveDeployments,
    private readonly steps: ImportSteps,
  ) {}

  /**
   * Stores the product with everything that came with it, leads it to its state and deploys it where it asks to be.
   * @throws the problems of {@link ProductsService.create} and, for its members, of {@link ArchiveImports.store}; ApiExists (409) without
   * `overwriteAPIProduct`, ApiNotFound (404 900308) for a member that neither the archive nor the tenant has.
   */
  store(caller: User, project: ProductProject, options: ProductImportOptions): Promise<ImportedApi> {
    return this.steps.run(
      caller,
      false,
      () => this.plan(caller, project, options),
      (tx, plan) => this.write(tx, caller, plan),
    );
  }

  private async plan(caller: User, project: ProductProject, options: ProductImportOptions): Promise<ProductImportPlan> {
    const { preserveProvider, rotateRevision } = options;
    const provider = await this.steps.providerOf(caller, project.data, preserveProvider);
    const members = options.importAPIs ? await this.membersOf(caller, project.members, options) : [];
    const brought = new Map(members.map((plan) => plan.existing ?? plan.added.api).map((api) => [keyOf(api), api.id]));
    const sent = await validateKnown(APIProductDto, await this.productObject(caller, project.data, brought));
    const deployments = await this.deployments.planned(caller, project.targets);
    const { files } = project;
    const tail = { members, files, isPresentationKept: false, status: statusOf(sent.state), deployments, rotateRevision };
    const existing = await this.existing(caller, sent, options);
    return existing === null
      ? { ...tail, added: await this.products.planned(caller, sent, provider), existing }
      : { ...tail, change: await this.products.plannedChange(caller, existing, sent), existing };
  }

  private async write(tx: Tx, caller: User, plan: ProductImportPlan): Promise<ImportedApi | undefined> {
    const { existing } = plan;
    if (existing !== null && (await current(tx, existing)).updatedAt.getTime() !== existing.updatedAt.getTime()) return undefined;
    for (const member of plan.members) if ((await this.apis.write(tx, caller, member)) === undefined) return undefined;
    // Its members may just have changed the product.
    const written =
      existing === null
        ? await this.products.add(tx, caller, plan.added)
        : await this.writer.replace(tx, caller, await current(tx, existing), plan.change);
    return written && this.steps.finish(tx, caller, written, plan);
  }

  private async membersOf(
    caller: User,
    projects: readonly ApiProject[],
    { preserveProvider, rotateRevision, overwriteAPIs }: ProductImportOptions,
  ): Promise<readonly ApiImportPlan[]> {
    const options = { preserveProvider, rotateRevision, overwrite: overwriteAPIs, preservePortalConfigurations: false };
    const plans: ApiImportPlan[] = [];
    for (const project of projects) plans.push(await this.apis.plan(caller, project, options));
    return plans;
  }

  /** The product object with the members by their ids here. */
  private async productObject({ organization }: User, data: JsonObject, brought: MemberIds): Promise<JsonObject> {
    const { apis } = data;
    if (!Array.isArray(apis)) return portableObject(data, organization);
    const names = apis.filter(isObject).map(nameOfMember);
    const known = new Map([...(await this.idsOf(organization, names)), ...brought]);
    const members = apis.map((member: unknown) => {
      if (!isObject(member)) return member;
      const named = nameOfMember(member);
      return { ...member, apiId: found(known.get(keyOf(named)), ApiNotFound, `${named.name}-${named.version}`) };
    });
    return portableObject({ ...data, apis: members }, organization);
  }

  private async idsOf(organization: string, names: readonly NameAndVersion[]): Promise<MemberIds> {
    const name = In([...new Set(names.map((member) => member.name))]);
    const where = { organization, name, type: Not<ApiType>(PRODUCT_TYPE) };
    const rows = await this.rows.find({ where, select: { id: true, name: true, version: true } });
    return new Map(rows.map((row) => [keyOf(row), row.id]));
  }

  private async existing(caller: User, sent: APIProductDto, { overwriteAPIProduct }: ProductImportOptions): Promise<ApiEntity | null> {
    const { version = '1.0.0' } = sent;
    const where = { organization: caller.organization, name: nameOf(sent.name), version, type: PRODUCT_TYPE } as const;
    const row = await this.rows.findOne({ where, select: { id: true } });
    if (row === null) return null;
    if (!overwriteAPIProduct) throw ApiExists();
    return this.access.read(caller, productRef(row.id));
  }
}

const current = ({ em }: Tx, { organization, id }: Api): Promise<ApiEntity> => em.findOneByOrFail(ApiEntity, { organization, id });

type NameAndVersion = Pick<Api, 'name' | 'version'>;

const keyOf = ({ name, version }: NameAndVersion): string => JSON.stringify([name, version]);

const nameOfMember = (member: JsonObject): NameAndVersion => ({
  name: textAt(member, 'name') ?? '',
  version: textAt(member, 'version') ?? '',
});
