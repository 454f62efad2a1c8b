import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Not, type Repository } from 'typeorm';
import { type Api, type ApiKind, type ApiType, apiRef, invocationPath, PRODUCT_TYPE } from '../../domain/api.js';
import { parseUserName, shownName } from '../../domain/organization.js';
import { BadRequest, Forbidden, found } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import { writeArchive } from '../../platform/archives/write-archive.js';
import { Secrets } from '../../platform/crypto/secrets.js';
import { ApiEntity } from '../api.entity.js';
import { ApiDefinitionEntity } from '../api-definition.entity.js';
import { toApiDto } from '../apis.mapper.js';
import { ApiNotFound, ProductNotFound } from '../apis.problems.js';
import { ApisForChange } from '../apis-for-change.js';
import type { DefinitionKind } from '../definitions/definition.js';
import type { APIDto } from '../dto/api.dto.js';
import { openSecrets } from '../endpoint-secrets.js';
import { openPolicies } from '../policies/shown-flows.js';
import type { APIProductDto } from '../products/products.dto.js';
import { toApiProductDto } from '../products/products.mapper.js';
import { DeploymentsQueries, type DeploymentView } from '../revisions/deployments.queries.js';
import { RevisionEntity } from '../revisions/revision.entity.js';
import { RevisionNumberNotFound } from '../revisions/revisions.problems.js';
import { ApiArchiveParts, type ArchiveFormat } from './api-archive-parts.js';
import { NoArtifacts } from './api-archives.problems.js';
import { type ArchiveFile, ArchiveTexts } from './archive-texts.js';
import { MEMBERS, type ProjectKind } from './project.js';

/** Which API or product is wanted: by its id, or by name and version. */
export interface ApiChoice {
  readonly kind: ApiKind;
  readonly apiId?: string;
  readonly name?: string;
  readonly version?: string;
  readonly providerName?: string;
}

/** As which revision: one by its number, the last one, or as it is now. */
export interface RevisionChoice {
  readonly revisionNumber?: string;
  readonly latestRevision: boolean;
}

export interface ExportOptions extends ArchiveFormat {
  /** Without it the archive says CREATED. */
  readonly preserveStatus: boolean;
}

/** A revision in an environment. */
export interface RuntimeDeployment {
  readonly organization: string;
  readonly apiId: string;
  readonly revisionId: string;
  readonly environment: string;
  readonly vhost: string;
}

export interface NamedArchive {
  readonly fileName: string;
  readonly content: Buffer;
}

/** An API as an archive has it: as it is now, or as a revision keeps it. */
interface Subject {
  readonly api: Api;
  readonly revision: RevisionEntity | null;
  readonly deployments: readonly DeploymentView[];
}

const DEPLOYMENTS_VERSION = 'v4.3.0';
const DEFINITION_FILES: Readonly<Record<DefinitionKind, string>> = { OPENAPI: 'Definitions/swagger' };
/** Whoever only looks at APIs does not get the credentials of their backends. */
const CREDENTIAL_SCOPES: readonly string[] = ['apim:api_create', 'apim:api_import_export', 'apim:api_manage'];
const INT_MAX = 2_147_483_647;

/** Packs APIs and products into archives (`reference/publisher.md` §20). */
@Injectable()
export class ArchiveExports {
  constructor(
    @InjectRepository(ApiEntity) private readonly rows: Repository<ApiEntity>,
    @InjectRepository(ApiDefinitionEntity) private readonly definitions: Repository<ApiDefinitionEntity>,
    @InjectRepository(RevisionEntity) private readonly revisions: Repository<RevisionEntity>,
    private readonly apis: ApisForChange,
    private readonly deployments: DeploymentsQueries,
    private readonly parts: ApiArchiveParts,
    private readonly texts: ArchiveTexts,
    private readonly secrets: Secrets,
  ) {}

  /** @throws ApiNotFound, RevisionNumberNotFound (404), Forbidden (403), BadRequest for a choice that names no API. */
  async archive(caller: User, choice: ApiChoice, which: RevisionChoice, options: ExportOptions): Promise<NamedArchive> {
    refuseCredentials(caller, options);
    const current = await this.chosen(caller, choice);
    const subject = await this.subject(current, await this.revision(current, which));
    const members = await this.members(caller, subject.api);
    return { fileName: `${folderOf(subject.api)}.zip`, content: await this.packed([subject, ...members], options) };
  }

  /**
   * What a gateway outside needs to serve the API as it is deployed to the environment: its archive and where it is deployed.
   * @throws as {@link archive}, NoArtifacts (404) when the environment does not serve it.
   */
  async runtimeArtifacts(caller: User, choice: ApiChoice, environment: string, options: ExportOptions): Promise<NamedArchive> {
    refuseCredentials(caller, options);
    const current = await this.chosen(caller, choice);
    const deployed = (await this.deployments.ofApi(current.organization, current.id)).find((one) => one.environment === environment);
    const { revisionId, vhost } = found(deployed, NoArtifacts);
    const where = { organization: current.organization, apiId: current.id, id: revisionId };
    const subject = await this.subject(current, found(await this.revisions.findOneBy(where), NoArtifacts));
    const apiFile = `${current.id}-${revisionId}.zip`;
    const content = await this.runtimeZip(
      [deploymentOf(current, apiFile, { environment, vhost })],
      [[apiFile, await this.packed([subject], options)]],
    );
    return { fileName: 'apis.zip', content };
  }

  /**
   * What gateways outside need to serve these deployments: as {@link runtimeArtifacts}, of many APIs at once and with the credentials of their
   * backends, for who may read the APIs of the deployments' tenants. Deployments of one revision share its archive.
   */
  async runtimeArchive(deployments: readonly RuntimeDeployment[]): Promise<Buffer> {
    const options = { format: 'YAML', preserveStatus: true, preserveCredentials: true } as const;
    const [described, archives] = [[] as object[], new Map<string, Buffer>()];
    for (const { organization, apiId, revisionId, environment, vhost } of deployments) {
      const [current, revision] = [
        await this.rows.findOneBy({ organization, id: apiId }),
        await this.revisions.findOneBy({ organization, apiId, id: revisionId }),
      ];
      // Deleted since it was listed.
      if (current === null || revision === null) continue;
      const apiFile = `${apiId}-${revisionId}.zip`;
      if (!archives.has(apiFile)) archives.set(apiFile, await this.packed([await this.subject(current, revision)], options));
      described.push(deploymentOf(current, apiFile, { environment, vhost }));
    }
    return this.runtimeZip(described, [...archives]);
  }

  private async runtimeZip(deployments: readonly object[], archives: readonly ArchiveFile[]): Promise<Buffer> {
    return writeArchive([
      await this.texts.wrapped('deployments', 'deployments', { deployments }, 'JSON'),
      await this.texts.fileOf('env_properties', '{}', 'JSON'),
      ...archives,
    ]);
  }

  private async chosen(caller: User, { kind, apiId, name, version, providerName }: ApiChoice): Promise<ApiEntity> {
    if (apiId) return this.apis.read(caller, { kind, id: apiId });
    if (!name || !version) throw BadRequest('The name and the version are needed, or the id of an API.');
    const provider = providerName ? { provider: shownName(parseUserName(providerName)) } : {};
    const type = kind === 'product' ? PRODUCT_TYPE : Not<ApiType>(PRODUCT_TYPE);
    const row = await this.rows.findOne({
      where: { organization: caller.organization, name, version, type, ...provider },
      select: { id: true },
    });
    const unknown = kind === 'product' ? ProductNotFound : ApiNotFound;
    return this.apis.read(caller, { kind, id: found(row, unknown, `${name}-${version}`).id });
  }

  private async revision(
    { organization, id: apiId }: Api,
    { revisionNumber, latestRevision }: RevisionChoice,
  ): Promise<RevisionEntity | null> {
    if (latestRevision) {
      const latest = await this.revisions.findOne({ where: { organization, apiId }, order: { number: 'DESC' } });
      return found(latest, RevisionNumberNotFound, 'latest');
    }
    if (!revisionNumber) return null;
    const number = Number(revisionNumber);
    const isPossible = Number.isInteger(number) && number > 0 && number <= INT_MAX;
    const revision = isPossible ? await this.revisions.findOneBy({ organization, apiId, number }) : null;
    return found(revision, RevisionNumberNotFound, revisionNumber);
  }

  private async subject(current: Api, revision: RevisionEntity | null): Promise<Subject> {
    if (revision === null) return { api: current, revision, deployments: [] };
    const { snapshot, createdAt, createdBy } = revision;
    const { status, isDefaultVersion } = current;
    const details = { ...snapshot.details, hasThumbnail: current.details.hasThumbnail };
    const api = {
      ...snapshot,
      details,
      status,
      isDefaultVersion,
      createdAt: current.createdAt,
      updatedAt: createdAt,
      updatedBy: createdBy,
    };
    const deployments = await this.deployments.ofApi(current.organization, current.id);
    return { api, revision, deployments: deployments.filter(({ revisionId }) => revisionId === revision.id) };
  }

  /** The members of a product as they are now. @throws Forbidden (403) for one that the caller may not see. */
  private async members(caller: User, { details }: Api): Promise<readonly Subject[]> {
    const members = (details.members ?? []).map(({ apiId }) => this.apis.read(caller, apiRef(apiId)));
    return (await Promise.all(members)).map((api) => ({ api, revision: null, deployments: [] }));
  }

  /** The first one at the top, its members in folders below it. */
  private async packed([first, ...members]: readonly [Subject, ...Subject[]], options: ExportOptions): Promise<Buffer> {
    const root = folderOf(first.api);
    const files: ArchiveFile[] = inFolder(root, await this.files(first, options));
    for (const member of members) files.push(...inFolder(`${root}/${MEMBERS}${folderOf(member.api)}`, await this.files(member, options)));
    return writeArchive(files);
  }

  private async files({ api, revision, deployments }: Subject, options: ExportOptions): Promise<readonly ArchiveFile[]> {
    const { format } = options;
    const isProduct = api.type === PRODUCT_TYPE;
    const kind: ProjectKind = isProduct ? 'api_product' : 'api';
    const object = isProduct ? productObject(api, revision, options) : this.objectOf(api, revision, options);
    const files: ArchiveFile[] = [await this.texts.wrapped(kind, kind, object, format)];
    if (deployments.length > 0) {
      const targets = deployments.map(({ environment, vhost, displayOnDevportal }) => ({
        displayOnDevportal,
        deploymentEnvironment: environment,
        deploymentVhost: vhost,
      }));
      files.push(await this.texts.wrapped('deployment_environments', 'deployment_environments', targets, format, DEPLOYMENTS_VERSION));
    }
    const definition = await this.definitionOf(api, revision);
    if (definition !== null) files.push(await this.texts.fileOf(DEFINITION_FILES[definition.kind], definition.text, format));
    for (const part of this.parts.all) files.push(...(await part.write(api, revision?.id ?? null, options)));
    return files;
  }

  private objectOf(api: Api, revision: RevisionEntity | null, { preserveStatus, preserveCredentials }: ExportOptions): APIDto {
    const open = (sealed: string) => this.secrets.decrypt(sealed);
    const shown = preserveCredentials ? { ...api, details: openPolicies(api.details, open) } : api;
    return {
      ...toApiDto(shown, preserveCredentials ? (config) => openSecrets(config, open) : undefined),
      ...(!preserveStatus && { lifeCycleStatus: 'CREATED' }),
      ...(revision && { isRevision: true, revisionId: revision.number, revisionedApiId: api.id }),
    };
  }

  private async definitionOf({ organization, id: apiId }: Api, revision: RevisionEntity | null) {
    if (revision === null) return this.definitions.findOneBy({ organization, apiId });
    const { definition: text, definitionKind: kind } = revision;
    return text === null || kind === null ? null : { kind, text };
  }
}

/** @throws Forbidden (403) when a caller who may only look asks for credentials. */
const refuseCredentials = (caller: User, { preserveCredentials }: ExportOptions): void => {
  if (!preserveCredentials || CREDENTIAL_SCOPES.some((scope) => caller.scopes.has(scope))) return;
  throw Forbidden('Exporting credentials needs a scope that may change or import APIs.');
};

const productObject = (product: Api, revision: RevisionEntity | null, { preserveStatus }: ExportOptions): APIProductDto => ({
  ...toApiProductDto(product),
  ...(!preserveStatus && { state: 'CREATED' }),
  ...(revision && { isRevision: true, revisionId: revision.number, revisionedApiProductId: product.id }),
});

/** Where an archive goes, as gateways outside are told. */
export const deploymentOf = (api: Api, apiFile: string, { environment, vhost }: Pick<RuntimeDeployment, 'environment' | 'vhost'>) => ({
  apiFile,
  environments: [{ name: environment, vhost }],
  organizationId: api.organization,
  apiContext: invocationPath(api),
  version: api.version,
});

const inFolder = (folder: string, files: readonly ArchiveFile[]): ArchiveFile[] =>
  files.map(([path, content]) => [`${folder}/${path}`, content]);

const folderOf = ({ name, version }: Api): string => `${name}-${version}`;
