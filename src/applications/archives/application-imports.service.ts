import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { ApiReads } from '../../apis/api-reads.js';
import { UnreadableMeta } from '../../apis/archives/api-archives.problems.js';
import { ArchiveTexts } from '../../apis/archives/archive-texts.js';
import { projectIn } from '../../apis/archives/project.js';
import { isObject } from '../../apis/definitions/json-document.js';
import { type Application, isActive } from '../../domain/application.js';
import { nameWithin, shownName } from '../../domain/organization.js';
import { BadRequest } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import { UsersService } from '../../identity/users/users.service.js';
import { type ArchiveFiles, type ArchiveLimits, ArchiveRefused, readArchive } from '../../platform/archives/read-archive.js';
import { Accounts } from '../../platform/auth/accounts.js';
import { Transactions } from '../../platform/database/transactions.js';
import { validateKnown } from '../../platform/http/validation.pipe.js';
import { SubscriptionReads } from '../../subscriptions/subscription-reads.js';
import { ApplicationEntity } from '../application.entity.js';
import { ApplicationChecks } from '../application-checks.js';
import { ApplicationReads } from '../application-reads.js';
import { ApplicationExists, KeysBeforeApproval } from '../applications.problems.js';
import { ApplicationsService } from '../applications.service.js';
import { RestoredKeys } from '../keys/restored-keys.js';
import { ArchivedApplicationDto, type ArchivedSubscriptionDto } from './application-archives.dto.js';
import { contentOf, toKeysToRestore } from './application-archives.mapper.js';
import { OwnerUnknown, TenantMismatch } from './application-archives.problems.js';
import { ApplicationSubscriptions, type SubscriptionToRestore } from './application-subscriptions.js';

/** Largest archive that is accepted, as it is sent. */
export const APPLICATION_ARCHIVE_BYTES_MAX = 5 * 1_048_576;
const LIMITS: ArchiveLimits = { entriesMax: 100, bytesMax: 20 * 1_048_576 };

export interface ApplicationImportOptions {
  /** Whose it becomes; the user whom the archive names with `preserveOwner`, else the caller. */
  readonly appOwner: string | undefined;
  readonly preserveOwner: boolean;
  /** An application of this name and owner is changed rather than refused. */
  readonly update: boolean;
  readonly skipSubscriptions: boolean;
  readonly skipApplicationKeys: boolean;
  /** Where an API does not offer the plan, the first one that it does offer is taken. */
  readonly ignoreTier: boolean;
}

export interface ImportedApplication {
  readonly application: Application;
  readonly subscriptionCount: number;
  /** Those of the archive that could not be subscribed to, with the id of those that exist here. */
  readonly skipped: readonly { readonly archived: ArchivedSubscriptionDto; readonly apiId: string | undefined }[];
}

/** Makes applications from archives, or changes them, in one transaction each (`reference/devportal.md` §5). */
@Injectable()
export class ApplicationImports {
  constructor(
    @InjectRepository(ApplicationEntity) private readonly rows: Repository<ApplicationEntity>,
    private readonly applications: ApplicationsService,
    private readonly reads: ApplicationReads,
    private readonly checks: ApplicationChecks,
    private readonly keys: RestoredKeys,
    private readonly restored: ApplicationSubscriptions,
    private readonly subscriptions: SubscriptionReads,
    private readonly apis: ApiReads,
    private readonly users: UsersService,
    private readonly accounts: Accounts,
    private readonly texts: ArchiveTexts,
    private readonly transactions: Transactions,
  ) {}

  /**
   * What an update does not find in the archive stays: subscriptions, keys, groups.
   * @throws ApplicationExists (409) without `update`, TenantMismatch, OwnerUnknown, the problems of an application's own creation and of its keys,
   * KeysBeforeApproval (400) where it has to wait, BadRequest for an archive that is refused, ProjectDefinitionMissing (900909), UnreadableMeta (900907).
   */
  async store(caller: User, archive: Buffer, options: ApplicationImportOptions): Promise<ImportedApplication> {
    const { applicationInfo: info, subscribedAPIs = [] } = await this.read(archive);
    const owner = await this.ownerOf(caller, options, info.owner);
    const { organization } = caller;
    const existing = await this.rows.findOneBy({ organization, owner: owner.name, name: info.name });
    if (existing && !options.update) throw ApplicationExists(info.name);
    const settled = await this.checks.settled(owner, owner.name, contentOf(info), existing ?? undefined);
    const keys = options.skipApplicationKeys ? [] : await this.keys.prepared(owner, toKeysToRestore(info.keys ?? []));
    const wanted = options.skipSubscriptions ? [] : await this.located(organization, subscribedAPIs);
    const plans = await this.restored.plans(organization);
    return this.transactions.run(async (tx) => {
      const application = existing
        ? await this.applications.replace(tx, caller, await this.reads.lock(tx, owner, existing.id, 'own'), settled)
        : await this.applications.insert(tx, owner, settled);
      const skipped = await this.restored.restore(tx, owner, application, wanted, plans, options.ignoreTier);
      if (keys.length > 0 && !isActive(application)) throw KeysBeforeApproval();
      // The scopes of keys are those of the subscriptions.
      for (const one of keys) await this.keys.restore(tx, owner, application, one);
      const subscriptionCount = (await this.subscriptions.byApplication(organization, application.id, tx.em)).length;
      return { application, subscriptionCount, skipped };
    });
  }

  private async read(archive: Buffer): Promise<ArchivedApplicationDto> {
    const files = projectIn(await unpacked(archive), 'application');
    const { type, data } = (await this.texts.read(files, 'application')) ?? {};
    if (type !== undefined && type !== 'application') throw UnreadableMeta('application', 'The type is not application.');
    if (!isObject(data)) throw UnreadableMeta('application', 'It has no data.');
    return validateKnown(ArchivedApplicationDto, data);
  }

  private async ownerOf(caller: User, { appOwner, preserveOwner }: ApplicationImportOptions, archived: string | undefined): Promise<User> {
    const named = appOwner?.trim() || (preserveOwner && archived) || shownName(caller);
    const { organization } = caller;
    const name = nameWithin(organization, named);
    const user = await this.users.byName(organization, name);
    if (!user && name.includes('@')) throw TenantMismatch(named, organization);
    const account = user && (await this.accounts.byId(user.id));
    if (!account) throw OwnerUnknown(named);
    return { ...account, scopes: caller.scopes };
  }

  private async located(organization: string, archived: readonly ArchivedSubscriptionDto[]): Promise<readonly SubscriptionToRestore[]> {
    const placeOf = ({ apiId: { apiName, version } }: ArchivedSubscriptionDto) => ({ name: apiName, version });
    const idOf = await this.apis.idsOf(organization, archived.map(placeOf));
    return archived.map((one) => ({ archived: one, apiId: idOf(placeOf(one)) }));
  }
}

const unpacked = async (bytes: Buffer): Promise<ArchiveFiles> => {
  try {
    return await readArchive(bytes, LIMITS);
  } catch (err) {
    if (err instanceof ArchiveRefused) throw BadRequest(err.message);
    throw err;
  }
};
