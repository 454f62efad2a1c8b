import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Api } from '../domain/api.js';

/** What carries a label. */
export type Labelled = Pick<Api, 'id' | 'name' | 'version' | 'provider'>;

/** All that carries the label, by name. */
export type LabelUse = (em: EntityManager, organization: string, labelId: string) => Promise<readonly Labelled[]>;

/** Modules whose things carry labels register here in `onModuleInit`. */
@Injectable()
export class LabelUses {
  private readonly uses: LabelUse[] = [];

  register(use: LabelUse): void {
    this.uses.push(use);
  }

  async of(em: EntityManager, organization: string, labelId: string): Promise<readonly Labelled[]> {
    const labelled: Labelled[] = [];
    for (const use of this.uses) labelled.push(...(await use(em, organization, labelId)));
    return labelled;
  }
}
