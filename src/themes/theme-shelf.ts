import { randomUUID } from 'node:crypto';
import type { EntityManager, EntityTarget } from 'typeorm';
import { found } from '../domain/problem.js';
import type { ThemeAction } from './themes.dto.js';
import { NoTheme, ThemeActionMissing, ThemeNotDrafted, ThemeNotPublished, ThemeOfSomethingElse } from './themes.problems.js';

/** A row of a table of themes. */
export interface ThemeRow {
  readonly id: string;
  readonly organization: string;
  /** In use, or a draft; an owner has one of each at most. */
  published: boolean;
  /** A zip archive; read only where it is asked for. */
  readonly content: Buffer;
}

/** Whose themes are meant. */
export interface ThemeOwner {
  readonly organization: string;
  readonly apiId?: string;
}

/** What is known of a theme without its content. */
export type Theme = Pick<ThemeRow, 'id' | 'published'>;

/** Themes of which each owner has a draft and one in use. Changes want the owner's themes to be held by the transaction. */
export class ThemeShelf {
  constructor(private readonly rows: EntityTarget<ThemeRow>) {}

  /** The draft and the one in use, or only the one asked for. */
  list(em: EntityManager, owner: ThemeOwner, published: boolean | undefined): Promise<readonly Theme[]> {
    return em.find(this.rows, { where: { ...owner, ...(published !== undefined && { published }) }, order: { published: 'ASC' } });
  }

  /** The archive as it was uploaded. @throws NoTheme (404), ThemeOfSomethingElse (400). */
  async content(em: EntityManager, owner: ThemeOwner, id: string): Promise<Buffer> {
    const theme = await this.one(em, owner, id);
    const row = await em.findOne(this.rows, { where: { ...owner, id: theme.id }, select: { content: true } });
    return found(row, NoTheme).content;
  }

  /** Keeps the archive as the draft, in place of the one before. */
  async replaceDraft(em: EntityManager, owner: ThemeOwner, content: Buffer): Promise<void> {
    await em.delete(this.rows, { ...owner, published: false });
    await em.insert(this.rows, { ...owner, id: randomUUID(), published: false, content });
  }

  /**
   * Puts the draft to use, or takes back the one in use, which is the draft then.
   * @throws ThemeNotDrafted, ThemeNotPublished (404); without an action NoTheme (404), ThemeOfSomethingElse, ThemeActionMissing (400).
   */
  async act(em: EntityManager, owner: ThemeOwner, id: string, action: ThemeAction | undefined): Promise<void> {
    if (!action) {
      // Whoever has no such theme hears that first.
      await this.one(em, owner, id);
      throw ThemeActionMissing();
    }
    const published = action === 'PUBLISH';
    const themes = await em.findBy(this.rows, { ...owner, published: !published });
    const theme = found(
      themes.find((each) => each.id === id.toLowerCase()),
      published ? ThemeNotDrafted : ThemeNotPublished,
    );
    await em.delete(this.rows, { ...owner, published });
    await em.update(this.rows, { ...owner, id: theme.id }, { published });
  }

  /** @throws NoTheme (404), ThemeOfSomethingElse (400). */
  async remove(em: EntityManager, owner: ThemeOwner, id: string): Promise<void> {
    const theme = await this.one(em, owner, id);
    await em.delete(this.rows, { ...owner, id: theme.id });
  }

  /** @throws NoTheme (404) for an owner without any, ThemeOfSomethingElse (400) for an id of none of them. */
  private async one(em: EntityManager, owner: ThemeOwner, id: string): Promise<Theme> {
    const themes = await em.findBy(this.rows, { ...owner });
    if (themes.length === 0) throw NoTheme();
    return found(
      themes.find((theme) => theme.id === id.toLowerCase()),
      ThemeOfSomethingElse,
    );
  }
}
