import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import type { Api, ApiRef } from '../../domain/api.js';
import { found } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import { type ArchiveLimits, ArchiveRefused, readArchive } from '../../platform/archives/read-archive.js';
import { Transactions, type Tx } from '../../platform/database/transactions.js';
import { ApisForChange } from '../apis-for-change.js';
import { ApiThemeEntity } from './api-theme.entity.js';
import type { ThemeAction } from './api-themes.dto.js';
import {
  NoTheme,
  ThemeActionMissing,
  ThemeNotDrafted,
  ThemeNotPublished,
  ThemeOfSomethingElse,
  UnusableTheme,
} from './api-themes.problems.js';

const LIMITS: ArchiveLimits = { entriesMax: 1_000, bytesMax: 50 * 1_048_576 };

/** What is known of a theme without its content. */
export type ApiTheme = Pick<ApiThemeEntity, 'id' | 'published'>;

/** The looks of APIs in the developer portal. All throw ApiNotFound (404), and Forbidden for a caller whom the API's access roles keep out. */
@Injectable()
export class ApiThemesService {
  constructor(
    @InjectRepository(ApiThemeEntity) private readonly themes: Repository<ApiThemeEntity>,
    private readonly apis: ApisForChange,
    private readonly transactions: Transactions,
  ) {}

  /** The draft and the one in use, or only the one asked for. */
  async list(caller: User, ref: ApiRef, published: boolean | undefined): Promise<readonly ApiTheme[]> {
    const { organization, id: apiId } = await this.apis.read(caller, ref);
    const where = { organization, apiId, ...(published !== undefined && { published }) };
    return this.themes.find({ where, order: { published: 'ASC' } });
  }

  /** The archive as it was uploaded. @throws NoTheme (404), ThemeOfSomethingElse (400). */
  async content(caller: User, ref: ApiRef, id: string): Promise<Buffer> {
    const { organization, id: apiId } = await this.apis.read(caller, ref);
    const themes = await this.themes.findBy({ organization, apiId });
    const theme = one(themes, id);
    const row = await this.themes.findOne({ where: { organization, id: theme.id }, select: { content: true } });
    return found(row, NoTheme).content;
  }

  /** Keeps the archive as the API's draft, in place of the one before. @throws UnusableTheme (400) for what is no archive or too large unpacked. */
  async importDraft(caller: User, ref: ApiRef, content: Buffer): Promise<void> {
    await this.apis.read(caller, ref);
    await checkArchive(content);
    await this.transactions.run(async (tx) => {
      const { organization, id: apiId } = await this.hold(tx, caller, ref);
      await tx.em.delete(ApiThemeEntity, { organization, apiId, published: false });
      await tx.em.insert(ApiThemeEntity, { id: randomUUID(), organization, apiId, published: false, content });
    });
  }

  /** Puts the draft to use, or takes back the one in use, which is the draft then. @throws ThemeNotDrafted, ThemeNotPublished (404), ThemeActionMissing (400). */
  async act(caller: User, ref: ApiRef, id: string, action: ThemeAction | undefined): Promise<void> {
    await this.transactions.run(async (tx) => {
      const { organization, id: apiId } = await this.hold(tx, caller, ref);
      if (!action) throw ThemeActionMissing();
      const published = action === 'PUBLISH';
      const themes = await tx.em.findBy(ApiThemeEntity, { organization, apiId, published: !published });
      const theme = found(
        themes.find((each) => each.id === id.toLowerCase()),
        published ? ThemeNotDrafted : ThemeNotPublished,
      );
      await tx.em.delete(ApiThemeEntity, { organization, apiId, published });
      await tx.em.update(ApiThemeEntity, { organization, id: theme.id }, { published });
    });
  }

  /** @throws NoTheme (404), ThemeOfSomethingElse (400). */
  async remove(caller: User, ref: ApiRef, id: string): Promise<void> {
    await this.transactions.run(async (tx) => {
      const { organization, id: apiId } = await this.hold(tx, caller, ref);
      const theme = one(await tx.em.findBy(ApiThemeEntity, { organization, apiId }), id);
      await tx.em.delete(ApiThemeEntity, { organization, id: theme.id });
    });
  }

  /** One change of an API's themes at a time. */
  private async hold(tx: Tx, caller: User, ref: ApiRef): Promise<Pick<Api, 'organization' | 'id'>> {
    const api = await this.apis.hold(tx, caller, ref);
    await tx.em.query('SELECT pg_advisory_xact_lock(hashtext($1))', [`api-themes:${api.id}`]);
    return api;
  }
}

/** @throws NoTheme (404) for an API without any, ThemeOfSomethingElse (400) for an id of none of them. */
const one = (themes: readonly ApiThemeEntity[], id: string): ApiThemeEntity => {
  if (themes.length === 0) throw NoTheme();
  return found(
    themes.find((theme) => theme.id === id.toLowerCase()),
    ThemeOfSomethingElse,
  );
};

const checkArchive = async (content: Buffer): Promise<void> => {
  try {
    const files = await readArchive(content, LIMITS);
    if (files.size === 0) throw UnusableTheme('The archive is empty.');
  } catch (err) {
    throw err instanceof ArchiveRefused ? UnusableTheme(err.message) : err;
  }
};
