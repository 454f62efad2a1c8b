import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { ApiReads } from '../../apis/api-reads.js';
import type { NamedArchive } from '../../apis/archives/archive-exports.service.js';
import { ArchiveTexts } from '../../apis/archives/archive-texts.js';
import { nameWithin } from '../../domain/organization.js';
import { found } from '../../domain/problem.js';
import { isGranted } from '../../domain/subscription.js';
import type { User } from '../../domain/user.js';
import { UsersService } from '../../identity/users/users.service.js';
import { writeArchive } from '../../platform/archives/write-archive.js';
import { SubscriptionReads } from '../../subscriptions/subscription-reads.js';
import { ApplicationEntity } from '../application.entity.js';
import { ownerOf } from '../applications.mapper.js';
import { ApplicationKeysService } from '../keys/application-keys.service.js';
import { toArchivedApplication } from './application-archives.mapper.js';
import { ApplicationUnknown } from './application-archives.problems.js';

/** Which application, in the caller's tenant. */
export interface ApplicationChoice {
  readonly appName: string;
  readonly appOwner: string;
}

export interface ApplicationExportOptions {
  readonly withKeys: boolean;
  readonly format: 'YAML' | 'JSON';
}

/** Packs applications into archives (`reference/devportal.md` §5). */
@Injectable()
export class ApplicationExports {
  constructor(
    @InjectRepository(ApplicationEntity) private readonly rows: Repository<ApplicationEntity>,
    private readonly users: UsersService,
    private readonly keys: ApplicationKeysService,
    private readonly subscriptions: SubscriptionReads,
    private readonly apis: ApiReads,
    private readonly texts: ArchiveTexts,
  ) {}

  /** The application of whatever owner with its subscriptions and, if asked for, its keys. @throws ApplicationUnknown (404). */
  async archive(
    { organization }: User,
    { appName, appOwner }: ApplicationChoice,
    { withKeys, format }: ApplicationExportOptions,
  ): Promise<NamedArchive> {
    const named = nameWithin(organization, appOwner);
    const owner = (await this.users.byName(organization, named))?.name ?? named;
    const application = found(await this.rows.findOneBy({ organization, owner, name: appName }), ApplicationUnknown);
    const keys = withKeys ? await this.keys.ofApplication(organization, application.id) : [];
    const granted = (await this.subscriptions.byApplication(organization, application.id)).filter(isGranted);
    const apis = new Map((await this.apis.byRefs(granted)).map((api) => [api.id, api]));
    const subscribed = granted.flatMap((subscription) => {
      const api = apis.get(subscription.apiId);
      return api ? [{ subscription, api }] : [];
    });
    const folder = folderOf(application);
    const data = toArchivedApplication(application, keys, subscribed);
    const file = await this.texts.wrapped(`${folder}/application`, 'application', data, format);
    return { fileName: `${folder}.zip`, content: await writeArchive([file]) };
  }
}

/** What means a folder in a path is written otherwise: user stores stand before a slash, and applications are called as people like. */
const folderOf = (application: ApplicationEntity): string => `${ownerOf(application)}-${application.name}`.replace(/[/\\]/g, '#');
