import { Injectable } from '@nestjs/common';
import { BadRequest, found, type Problem } from '../../domain/problem.js';
import { type ArchiveFiles, type ArchiveLimits, ArchiveRefused, readArchive } from '../../platform/archives/read-archive.js';
import { isObject, type JsonObject, objectAt } from '../definitions/json-document.js';
import { ProjectDefinitionMissing, UnreadableMeta, UnreadableParams } from './api-archives.problems.js';
import { ArchiveTexts } from './archive-texts.js';
import { withCertificates } from './environment-certificates.js';
import { type DeploymentTarget, environmentConfig, targetsOf, withParameters } from './environment-parameters.js';
import { below, MEMBERS, memberFolders, type ProjectKind, projectIn, wrappedIn } from './project.js';

/** Largest archive that is accepted, as it is sent. */
export const ARCHIVE_BYTES_MAX = 50 * 1_048_576;
const LIMITS: ArchiveLimits = { entriesMax: 5_000, bytesMax: 200 * 1_048_576 };
const PARAMETERS = 'intermediate_params.yaml';

/** An archive as it was sent, understood. */
export interface ApiProject {
  /** All files, by their paths below the project's folder. */
  readonly files: ArchiveFiles;
  /** The API object of the archive, with the parameters of the environment applied; its properties are not checked. */
  readonly data: JsonObject;
  /** Where it asks to be deployed. */
  readonly targets: readonly DeploymentTarget[];
}

/** An archive of an API product with the archives of its members in it. */
export interface ProductProject extends ApiProject {
  readonly members: readonly ApiProject[];
}

interface Opened {
  readonly files: ArchiveFiles;
  /** Those of the environment that the CLI wrapped around the archive; empty without any. */
  readonly params: JsonObject;
}

/** Reads archives of APIs and products, bare or wrapped by the CLI together with parameters of an environment. */
@Injectable()
export class ApiProjects {
  constructor(private readonly texts: ArchiveTexts) {}

  /** @throws BadRequest for an archive that is refused, ProjectDefinitionMissing (900909), UnreadableMeta (900907), UnreadableParams (900908). */
  async read(bytes: Buffer): Promise<ApiProject> {
    const { files, params } = await this.opened(bytes, 'api');
    return this.project(files, params, 'api');
  }

  /** A product with its members; `dependentAPIs` of the parameters are those of members, by the names of their folders. @throws as {@link read}. */
  async readProduct(bytes: Buffer): Promise<ProductProject> {
    const { files, params } = await this.opened(bytes, 'api_product');
    const product = await this.project(files, params, 'api_product');
    const dependent = objectAt(params, 'dependentAPIs');
    const members: ApiProject[] = [];
    for (const folder of memberFolders(files)) {
      const own = below(files, `${MEMBERS}${folder}/`);
      members.push(await this.project(own, objectAt(dependent, folder), 'api'));
    }
    return { ...product, members };
  }

  private async opened(bytes: Buffer, kind: ProjectKind): Promise<Opened> {
    const sent = await unpacked(bytes);
    const wrapped = wrappedIn(sent);
    const project = projectIn(wrapped ? await unpacked(wrapped.source) : sent, kind);
    // What came beside the archive is read as if it had come in it.
    const files = wrapped ? new Map([...project, ...wrapped.beside]) : project;
    return { files, params: await this.parametersIn(files) };
  }

  private async project(files: ArchiveFiles, params: JsonObject, kind: ProjectKind): Promise<ApiProject> {
    return {
      files: withCertificates(files, params),
      data: withParameters(await this.objectIn(files, kind), params),
      targets: await this.targetsIn(files, params),
    };
  }

  private async objectIn(files: ArchiveFiles, kind: ProjectKind): Promise<JsonObject> {
    const { type, data } = found(await this.texts.read(files, kind), ProjectDefinitionMissing);
    if (type !== undefined && type !== kind) throw UnreadableMeta(kind, `The type is not ${kind}.`);
    if (!isObject(data)) throw UnreadableMeta(kind, 'It has no data.');
    return data;
  }

  private async parametersIn(files: ArchiveFiles): Promise<JsonObject> {
    const bytes = files.get(PARAMETERS);
    if (bytes === undefined || bytes.toString('utf8').trim() === '') return {};
    return environmentConfig(await this.texts.parsed(PARAMETERS, bytes, (_, why) => UnreadableParams(why)));
  }

  /** The parameters win over the project. */
  private async targetsIn(files: ArchiveFiles, params: JsonObject): Promise<readonly DeploymentTarget[]> {
    const { deploymentEnvironments } = params;
    if (deploymentEnvironments !== undefined && deploymentEnvironments !== null) {
      return targetsIn(deploymentEnvironments, () => UnreadableParams('deploymentEnvironments is no list of environments.'));
    }
    const wrapped = await this.texts.read(files, 'deployment_environments');
    if (wrapped === undefined || wrapped['data'] === null || wrapped['data'] === undefined) return [];
    return targetsIn(wrapped['data'], () => UnreadableMeta('deployment_environments', 'Its data are no list of environments.'));
  }
}

const targetsIn = (entries: unknown, unreadable: () => Problem): readonly DeploymentTarget[] => {
  const targets = targetsOf(entries);
  if (targets === undefined) throw unreadable();
  return targets;
};

const unpacked = async (bytes: Buffer): Promise<ArchiveFiles> => {
  try {
    return await readArchive(bytes, LIMITS);
  } catch (err) {
    if (err instanceof ArchiveRefused) throw BadRequest(err.message);
    throw err;
  }
};
