import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { Transactions, type Tx } from '../platform/database/transactions.js';
import { OrgThemeEntity } from './org-theme.entity.js';
import { themeFault } from './theme-archive.js';
import { type Theme, ThemeShelf } from './theme-shelf.js';
import type { ThemeAction } from './themes.dto.js';
import { UnusableTheme } from './themes.problems.js';

/** The pages of their own that tenants show in the developer portal: a draft and the ones in use. */
@Injectable()
export class OrgThemesService {
  private readonly shelf = new ThemeShelf(OrgThemeEntity);

  constructor(
    @InjectRepository(OrgThemeEntity) private readonly themes: Repository<OrgThemeEntity>,
    private readonly transactions: Transactions,
  ) {}

  /** The draft and the one in use, or only the one asked for. */
  list(organization: string, published: boolean | undefined): Promise<readonly Theme[]> {
    return this.shelf.list(this.themes.manager, { organization }, published);
  }

  /** The archive as it was uploaded. @throws NoTheme (404), ThemeOfSomethingElse (400). */
  content(organization: string, id: string): Promise<Buffer> {
    return this.shelf.content(this.themes.manager, { organization }, id);
  }

  /** Keeps the archive as the draft, in place of the one before. @throws UnusableTheme (400). */
  async importDraft(organization: string, content: Buffer): Promise<void> {
    const fault = await themeFault(content);
    if (fault !== undefined) throw UnusableTheme(fault);
    await this.changing(organization, ({ em }) => this.shelf.replaceDraft(em, { organization }, content));
  }

  /** Puts the draft to use, or takes back the one in use, which is the draft then. @throws ThemeNotDrafted, ThemeNotPublished (404), ThemeActionMissing (400). */
  async act(organization: string, id: string, action: ThemeAction | undefined): Promise<void> {
    await this.changing(organization, ({ em }) => this.shelf.act(em, { organization }, id, action));
  }

  /** @throws NoTheme (404), ThemeOfSomethingElse (400). */
  async remove(organization: string, id: string): Promise<void> {
    await this.changing(organization, ({ em }) => this.shelf.remove(em, { organization }, id));
  }

  /** One change of a tenant's themes at a time. */
  private changing(organization: string, change: (tx: Tx) => Promise<void>): Promise<void> {
    return this.transactions.run(async (tx) => {
      await tx.em.query('SELECT pg_advisory_xact_lock(hashtext($1))', [`org-themes:${organization}`]);
      await change(tx);
    });
  }
}
