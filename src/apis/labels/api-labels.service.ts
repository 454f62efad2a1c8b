import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Api, ApiRef } from '../../domain/api.js';
import type { ProblemKind } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import type { LabelEntity } from '../../labels/label.entity.js';
import { type Labelled, LabelUses } from '../../labels/label-uses.js';
import { LabelsService } from '../../labels/labels.service.js';
import { Transactions, type Tx } from '../../platform/database/transactions.js';
import { ApisForChange } from '../apis-for-change.js';
import { LabelAttachmentFailed, LabelDetachmentFailed } from './api-labels.problems.js';

/** How many unknown labels a refusal names. */
const NAMED_MAX = 10;

/** The labels that APIs carry. All throw ApiNotFound (404), and Forbidden for a caller whom the API's access roles keep out. */
@Injectable()
export class ApiLabelsService implements OnModuleInit {
  constructor(
    private readonly database: DataSource,
    private readonly apis: ApisForChange,
    private readonly labels: LabelsService,
    private readonly uses: LabelUses,
    private readonly transactions: Transactions,
  ) {}

  onModuleInit(): void {
    this.uses.register(labelledApis);
  }

  /** By name. */
  async list(caller: User, ref: ApiRef): Promise<readonly LabelEntity[]> {
    return labelsOf(this.database.manager, await this.apis.read(caller, ref));
  }

  /** Gives the API labels, those it has already included; its labels afterwards. @throws LabelAttachmentFailed (400) for an unknown one. */
  attach(caller: User, ref: ApiRef, ids: readonly string[]): Promise<readonly LabelEntity[]> {
    return this.change(caller, ref, ids, LabelAttachmentFailed, (tx, { organization, id }, held) =>
      tx.em.query(`INSERT INTO api_labels (organization, api_id, label_id) SELECT $1, $2, unnest($3::uuid[]) ON CONFLICT DO NOTHING`, [
        organization,
        id,
        held,
      ]),
    );
  }

  /** Takes labels from the API, also such as it has not; its labels afterwards. @throws LabelDetachmentFailed (400) for an unknown one. */
  detach(caller: User, ref: ApiRef, ids: readonly string[]): Promise<readonly LabelEntity[]> {
    return this.change(caller, ref, ids, LabelDetachmentFailed, (tx, { organization, id }, held) =>
      tx.em.query('DELETE FROM api_labels WHERE organization = $1 AND api_id = $2 AND label_id = ANY ($3::uuid[])', [
        organization,
        id,
        held,
      ]),
    );
  }

  private change(
    caller: User,
    ref: ApiRef,
    ids: readonly string[],
    unknown: ProblemKind,
    write: (tx: Tx, api: Api, held: readonly string[]) => Promise<unknown>,
  ): Promise<readonly LabelEntity[]> {
    return this.transactions.run(async (tx) => {
      const api = await this.apis.hold(tx, caller, ref);
      const held = new Set(await this.labels.hold(tx, api.organization, ids));
      const missing = ids.filter((id) => !held.has(id.toLowerCase()));
      if (missing.length > 0) throw unknown(`There is no label ${missing.slice(0, NAMED_MAX).join(', ')}.`);
      await write(tx, api, [...held]);
      return labelsOf(tx.em, api);
    });
  }
}

const labelsOf = (em: EntityManager, { organization, id }: Pick<Api, 'organization' | 'id'>): Promise<readonly LabelEntity[]> =>
  em.query(
    `SELECT label.id, label.organization, label.name, label.description
     FROM api_labels attached JOIN labels label ON label.id = attached.label_id
     WHERE attached.organization = $1 AND attached.api_id = $2 ORDER BY label.name`,
    [organization, id],
  );

const labelledApis = (em: EntityManager, organization: string, labelId: string): Promise<readonly Labelled[]> =>
  em.query(
    `SELECT api.id, api.name, api.version, api.provider FROM api_labels attached JOIN apis api ON api.id = attached.api_id
     WHERE attached.organization = $1 AND attached.label_id = $2 ORDER BY lower(api.name), api.version, api.id`,
    [organization, labelId],
  );
