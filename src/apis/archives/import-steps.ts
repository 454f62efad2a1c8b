import { Injectable } from '@nestjs/common';
import type { Api, ApiStatus } from '../../domain/api.js';
import { parseUserName, shownName } from '../../domain/organization.js';
import { Conflict, found } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import { UsersService } from '../../identity/users/users.service.js';
import type { ArchiveFiles } from '../../platform/archives/read-archive.js';
import { Transactions, type Tx } from '../../platform/database/transactions.js';
import { ApiEntity } from '../api.entity.js';
import { ProviderUnknown } from '../apis.problems.js';
import { type JsonObject, textAt } from '../definitions/json-document.js';
import { PrimaryEndpoints } from '../endpoints/primary-endpoints.js';
import { LifecycleService } from '../lifecycle/lifecycle.service.js';
import { holdTenantApis } from '../tenant-lock.js';
import { ApiArchiveParts } from './api-archive-parts.js';
import { ProviderOfOtherTenant } from './api-archives.problems.js';
import { ArchiveDeployments, type Deployment } from './archive-deployments.js';

export interface ImportedApi {
  readonly id: string;
  /** The number of the revision that was made for the deployment; null when there was none. */
  readonly revision: number | null;
}

/** What follows once the API object itself is stored. */
export interface ImportTail {
  readonly files: ArchiveFiles;
  /** Leaves alone how the developer portal presents the API. */
  readonly isPresentationKept: boolean;
  /** Undefined leaves the API in its state. */
  readonly status: ApiStatus | undefined;
  readonly deployments: readonly Deployment[];
  readonly rotateRevision: boolean;
}

/** How often an import is planned anew because somebody else changed the API meanwhile. */
const ATTEMPTS_MAX = 5;

/** Carries the result out of a transaction that is not to be stored, which is thereby undone. */
class Undone<T> extends Error {
  constructor(readonly result: T | undefined) {
    super('nothing is stored');
  }
}

/** What imports of APIs and of API products have in common. */
@Injectable()
export class ImportSteps {
  constructor(
    private readonly parts: ApiArchiveParts,
    private readonly lifecycle: LifecycleService,
    private readonly deployments: ArchiveDeployments,
    private readonly users: UsersService,
    private readonly primaries: PrimaryEndpoints,
    private readonly transactions: Transactions,
  ) {}

  /**
   * Plans an import, then writes it in one transaction, which holds the tenant's APIs and is undone after a dry run. A write that gives undefined
   * came too late for its plan: it is undone too, and the import is planned anew.
   */
  async run<P, T>(
    { organization }: User,
    dryRun: boolean,
    plan: () => Promise<P>,
    write: (tx: Tx, plan: P) => Promise<T | undefined>,
  ): Promise<T> {
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
      const planned = await plan();
      const work = async (tx: Tx) => {
        await holdTenantApis(tx, organization);
        const result = await write(tx, planned);
        if (dryRun || result === undefined) throw new Undone(result);
        return result;
      };
      const written = await this.transactions.run(work).catch(resultOf<T>);
      if (written !== undefined) return written;
    }
    throw Conflict('The API is being changed by others. Repeat the import.');
  }

  /** Stores what came with an API or product, leads it to its state and deploys it. @throws the problems of the parts, of life cycle and deployments. */
  async finish(tx: Tx, caller: User, { organization, id }: Api, tail: ImportTail): Promise<ImportedApi> {
    const written = await tx.em.findOneByOrFail(ApiEntity, { organization, id });
    for (const part of this.parts.all) {
      if (!(tail.isPresentationKept && part.isPresentation)) await part.read(tx, caller, written, tail.files);
    }
    // Parts may have changed the row.
    const api = await tx.em.findOneByOrFail(ApiEntity, { organization, id });
    await this.primaries.check(api, api.details, tx.em);
    if (tail.status !== undefined) await this.lifecycle.lead(tx, caller, api, tail.status);
    const revision = await this.deployments.put(tx, caller, api, tail.deployments, tail.rotateRevision);
    return { id, revision };
  }

  /**
   * The owner that an archive names where it is to be preserved, else the caller. An archive of another tenant names somebody nobody here knows, so
   * the caller must ask to become the owner. @throws ProviderOfOtherTenant (403), ProviderUnknown (400).
   */
  async providerOf(caller: User, data: JsonObject, preserveProvider: boolean): Promise<string> {
    const named = textAt(data, 'provider');
    if (!preserveProvider || named === undefined) return shownName(caller);
    const { name, organization } = parseUserName(named);
    if (organization !== caller.organization) throw ProviderOfOtherTenant();
    return shownName(found(await this.users.byName(organization, name), ProviderUnknown));
  }
}

const resultOf = <T>(err: unknown): T | undefined => {
  if (err instanceof Undone) return err.result as T | undefined; // thrown above, with such a result
  throw err;
};

/** The state as the API object has it, in any letter case; whether there is one of the name, its tenant's life cycle says. */
export const statusOf = (text: string | undefined): ApiStatus | undefined => (text ? text.toUpperCase() : undefined);
