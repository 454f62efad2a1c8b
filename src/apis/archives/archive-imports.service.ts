import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Not, type Repository } from 'typeorm';
import { type Api, type ApiType, apiRef, PRODUCT_TYPE } from '../../domain/api.js';
import { BadRequest } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import type { ArchiveFiles } from '../../platform/archives/read-archive.js';
import type { Tx } from '../../platform/database/transactions.js';
import { validateKnown } from '../../platform/http/validation.pipe.js';
import { ApiEntity } from '../api.entity.js';
import { nameOf } from '../api-rules.js';
import { type ApiChange, ApiWriter } from '../api-writer.js';
import { toApiDto } from '../apis.mapper.js';
import { ApiExists } from '../apis.problems.js';
import { ApisService, type NewApi } from '../apis.service.js';
import { ApisForChange } from '../apis-for-change.js';
import type { Definition } from '../definitions/definition.js';
import { Definitions } from '../definitions/definitions.service.js';
import { APIDto } from '../dto/api.dto.js';
import { ArchivedPolicies } from '../policies/archived-policies.js';
import type { ArchivedPolicy } from '../policies/attached-policies.js';
import type { ApiProject } from './api-projects.js';
import { ArchiveDeployments } from './archive-deployments.js';
import { type ImportedApi, ImportSteps, type ImportTail, statusOf } from './import-steps.js';
import { portableObject } from './portable-object.js';

export interface ImportOptions {
  /** The owner named by the archive stays the owner; otherwise the caller becomes it. */
  readonly preserveProvider: boolean;
  /** An API of this name and version is changed rather than refused. */
  readonly overwrite: boolean;
  readonly rotateRevision: boolean;
  /** How the portal presents an API that is overwritten stays as it is. */
  readonly preservePortalConfigurations: boolean;
}

/** What is to be written: an API that is new, or the change of one; then what came with it. */
export type ApiImportPlan = ImportTail &
  (
    | { readonly added: NewApi; readonly archived: readonly ArchivedPolicy[]; readonly existing: null; readonly overwrite: boolean }
    | { readonly change: ApiChange; readonly existing: ApiEntity }
  );

/** Types whose definition is an OpenAPI document. */
const OPENAPI_TYPES: readonly string[] = ['HTTP', 'SOAP', 'SOAPTOREST'];
const OPENAPI_FILES: readonly string[] = ['Definitions/swagger.yaml', 'Definitions/swagger.json'];

/** Makes APIs from archives, or changes them, in one transaction each (`reference/publisher.md` §20). */
@Injectable()
export class ArchiveImports {
  constructor(
    @InjectRepository(ApiEntity) private readonly rows: Repository<ApiEntity>,
    private readonly apis: ApisService,
    private readonly access: ApisForChange,
    private readonly writer: ApiWriter,
    private readonly definitions: Definitions,
    private readonly deployments: ArchiveDeployments,
    private readonly policies: ArchivedPolicies,
    private readonly steps: ImportSteps,
  ) {}

  /**
   * Stores the API of the project with everything that came with it, leads it to its state and deploys it where it asks to be; a dry run undoes
   * all of it.
   * @throws the problems of {@link ApisService.create} and of the parts, ApiExists (409) without `overwrite`, ProviderOfOtherTenant (403),
   * ProviderUnknown, EnvironmentUnknown (400), the problems of life cycle, revisions and deployments.
   */
  store(caller: User, project: ApiProject, options: ImportOptions, dryRun: boolean): Promise<ImportedApi> {
    return this.steps.run(
      caller,
      dryRun,
      () => this.plan(caller, project, options),
      (tx, plan) => this.write(tx, caller, plan),
    );
  }

  /** Everything that can be found out before the transaction. @throws as {@link store}. */
  async plan(caller: User, { data, files, targets }: ApiProject, options: ImportOptions): Promise<ApiImportPlan> {
    const { organization } = caller;
    const provider = await this.steps.providerOf(caller, data, options.preserveProvider);
    const sent = await validateKnown(APIDto, portableObject(data, organization));
    const existing = await this.existing(caller, sent, options);
    const deployments = await this.deployments.planned(caller, targets);
    const definition = await this.definitionIn(files, sent);
    const isPresentationKept = existing !== null && options.preservePortalConfigurations;
    const kept = isPresentationKept ? presented(sent, toApiDto(existing)) : sent;
    const { dto: api, policies: archived } = await this.policies.adapt(organization, files, kept);
    const { rotateRevision } = options;
    const tail: ImportTail = { files, isPresentationKept, status: statusOf(api.lifeCycleStatus), deployments, rotateRevision };
    if (existing !== null) {
      const change = await this.apis.plannedChange(existing, api, await this.writer.definitionOf(existing), {
        ...(definition && { definition }),
        archived,
      });
      return { ...tail, change, existing };
    }
    // It is led to its own state later, with the checks on the way.
    const created: APIDto = { ...api, lifeCycleStatus: 'CREATED' };
    const added = await this.apis.planned(caller, created, { ...(definition && { definition }), provider, archived });
    return { ...tail, added, archived, existing, overwrite: options.overwrite };
  }

  /**
   * Undefined when the API that was to be changed is no longer what the plan was made for, or one that may be overwritten has come up. The
   * transaction holds the tenant's APIs.
   */
  async write(tx: Tx, caller: User, plan: ApiImportPlan): Promise<ImportedApi | undefined> {
    if (plan.existing === null && plan.overwrite && (await tx.em.existsBy(ApiEntity, placeOf(plan.added.api)))) return undefined;
    const written =
      plan.existing === null
        ? await this.writer.insert(tx, caller, plan.added.api, plan.added.definition, plan.archived)
        : await this.writer.replace(tx, caller, plan.existing, plan.change);
    return written && this.steps.finish(tx, caller, written, plan);
  }

  private async existing(caller: User, sent: APIDto, { overwrite }: ImportOptions): Promise<ApiEntity | null> {
    const where = placeOf({ organization: caller.organization, name: nameOf(sent.name), version: sent.version });
    const row = await this.rows.findOne({ where, select: { id: true } });
    if (row === null) return null;
    if (!overwrite) throw ApiExists();
    const existing = await this.access.read(caller, apiRef(row.id));
    if (existing.type !== (sent.type ?? 'HTTP')) throw BadRequest(`The API exists and is of type ${existing.type}.`);
    return existing;
  }

  private async definitionIn(files: ArchiveFiles, { type = 'HTTP' }: APIDto): Promise<Definition | undefined> {
    const path = OPENAPI_TYPES.includes(type) ? OPENAPI_FILES.find((name) => files.has(name)) : undefined;
    const file = path === undefined ? undefined : files.get(path);
    return file && this.definitions.readValid(await this.definitions.textOf({ file }));
  }
}

/** Where an API is looked for that an archive may overwrite. */
const placeOf = ({ organization, name, version }: Pick<Api, 'organization' | 'name' | 'version'>) => ({
  ...{ organization, name, version },
  type: Not<ApiType>(PRODUCT_TYPE),
});

/** What says how the developer portal presents an API and to whom. */
const PRESENTATION = [
  'displayName',
  'description',
  'lifeCycleStatus',
  'tags',
  'policies',
  'organizationPolicies',
  'visibility',
  'visibleRoles',
  'visibleTenants',
  'visibleOrganizations',
  'subscriptionAvailability',
  'subscriptionAvailableTenants',
  'additionalProperties',
  'additionalPropertiesMap',
  'businessInformation',
  'categories',
] as const satisfies readonly (keyof APIDto)[];

/** What was sent, presented as the API is now. */
const presented = (sent: APIDto, current: APIDto): APIDto =>
  Object.assign(new APIDto(), sent, Object.fromEntries(PRESENTATION.map((property) => [property, current[property]])));
