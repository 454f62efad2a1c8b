import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { SUPER_TENANT } from '../domain/organization.js';
import { found } from '../domain/problem.js';
import { Transactions } from '../platform/database/transactions.js';
import { TenantThemeEntity } from './tenant-theme.entity.js';
import { themeFault } from './theme-archive.js';
import { SuperTenantHasNoTheme, TenantThemeNotFound, TenantThemeUnusable } from './themes.problems.js';

/** The look of the developer portal to the visitors of each tenant; the super tenant has the portal's own. */
@Injectable()
export class TenantThemesService {
  constructor(
    @InjectRepository(TenantThemeEntity) private readonly themes: Repository<TenantThemeEntity>,
    private readonly transactions: Transactions,
  ) {}

  /** The archive as it was uploaded. @throws TenantThemeNotFound (404). */
  async content(organization: string): Promise<Buffer> {
    return found(await this.themes.findOneBy({ organization }), TenantThemeNotFound, organization).content;
  }

  /** Puts the archive in place of the one before. @throws SuperTenantHasNoTheme, TenantThemeUnusable (400). */
  async replace(organization: string, content: Buffer): Promise<void> {
    if (organization === SUPER_TENANT) throw SuperTenantHasNoTheme(organization);
    const fault = await themeFault(content);
    if (fault !== undefined) throw TenantThemeUnusable(organization, fault);
    await this.transactions.run(({ em }) => em.upsert(TenantThemeEntity, { organization, content }, ['organization']));
  }

  /** From then on visitors see the portal's own look. @throws TenantThemeNotFound (404). */
  async remove(organization: string): Promise<void> {
    await this.transactions.run(async ({ em }) => {
      const { affected } = await em.delete(TenantThemeEntity, { organization });
      if (!affected) throw TenantThemeNotFound(organization);
    });
  }
}
