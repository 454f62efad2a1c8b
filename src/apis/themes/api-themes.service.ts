import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import type { ApiRef } from '../../domain/api.js';
import type { User } from '../../domain/user.js';
import { Transactions, type Tx } from '../../platform/database/transactions.js';
import { themeFault } from '../../themes/theme-archive.js';
import { type Theme, type ThemeOwner, ThemeShelf } from '../../themes/theme-shelf.js';
import type { ThemeAction } from '../../themes/themes.dto.js';
import { UnusableTheme } from '../../themes/themes.problems.js';
import { ApisForChange } from '../apis-for-change.js';
import { ApiThemeEntity } from './api-theme.entity.js';

/** The looks of APIs in the developer portal. All throw ApiNotFound (404), and Forbidden for a caller whom the API's access roles keep out. */
@Injectable()
export class ApiThemesService {
  private readonly shelf = new ThemeShelf(ApiThemeEntity);

  constructor(
    @InjectRepository(ApiThemeEntity) private readonly themes: Repository<ApiThemeEntity>,
    private readonly apis: ApisForChange,
    private readonly transactions: Transactions,
  ) {}

  /** The draft and the one in use, or only the one asked for. */
  async list(caller: User, ref: ApiRef, published: boolean | undefined): Promise<readonly Theme[]> {
    return this.shelf.list(this.themes.manager, await this.ownerOf(caller, ref), published);
  }

  /** The archive as it was uploaded. @throws NoTheme (404), ThemeOfSomethingElse (400). */
  async content(caller: User, ref: ApiRef, id: string): Promise<Buffer> {
    return this.shelf.content(this.themes.manager, await this.ownerOf(caller, ref), id);
  }

  /** Keeps the archive as the API's draft, in place of the one before. @throws UnusableTheme (400) for what is no archive or too large unpacked. */
  async importDraft(caller: User, ref: ApiRef, content: Buffer): Promise<void> {
    await this.apis.read(caller, ref);
    const fault = await themeFault(content);
    if (fault !== undefined) throw UnusableTheme(fault);
    await this.transactions.run(async (tx) => this.shelf.replaceDraft(tx.em, await this.hold(tx, caller, ref), content));
  }

  /** Puts the draft to use, or takes back the one in use, which is the draft then. @throws ThemeNotDrafted, ThemeNotPublished (404), ThemeActionMissing (400). */
  async act(caller: User, ref: ApiRef, id: string, action: ThemeAction | undefined): Promise<void> {
    await this.transactions.run(async (tx) => this.shelf.act(tx.em, await this.hold(tx, caller, ref), id, action));
  }

  /** @throws NoTheme (404), ThemeOfSomethingElse (400). */
  async remove(caller: User, ref: ApiRef, id: string): Promise<void> {
    await this.transactions.run(async (tx) => this.shelf.remove(tx.em, await this.hold(tx, caller, ref), id));
  }

  private async ownerOf(caller: User, ref: ApiRef): Promise<ThemeOwner> {
    const { organization, id: apiId } = await this.apis.read(caller, ref);
    return { organization, apiId };
  }

  /** One change of an API's themes at a time. */
  private async hold(tx: Tx, caller: User, ref: ApiRef): Promise<ThemeOwner> {
    const { organization, id: apiId } = await this.apis.hold(tx, caller, ref);
    await tx.em.query('SELECT pg_advisory_xact_lock(hashtext($1))', [`api-themes:${apiId}`]);
    return { organization, apiId };
  }
}
