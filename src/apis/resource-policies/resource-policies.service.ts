import { randomUUID } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { isUUID } from 'class-validator';
import type { Repository } from 'typeorm';
import type { Api, ApiRef } from '../../domain/api.js';
import { found } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import { Transactions, type Tx } from '../../platform/database/transactions.js';
import { nextTurn } from '../../platform/turns/turns.js';
import { ApisForChange } from '../apis-for-change.js';
import { ApiArchiveParts } from '../archives/api-archive-parts.js';
import { DefinitionChecks } from '../policies/definition-checks.js';
import { ApiTables } from '../revisions/api-tables.js';
import { ResourcePolicyNotFound } from './resource-policies.problems.js';
import { ResourcePolicyEntity, type ResourceSequence, type SequenceType } from './resource-policy.entity.js';
import { checkSequence } from './sequence-content.js';
import { sequencePath, sequencesIn } from './sequence-files.js';

/** A statement has room for so many parameters only. */
const INSERTED_AT_ONCE = 1_000;

/** Which sequences of an API are asked for. */
export interface SequenceFilter {
  readonly sequenceType: SequenceType;
  readonly resourcePath?: string;
  readonly verb?: string;
}

/** May refuse on seeing the policy as it is before a change. */
type Unchanged = (current: ResourcePolicyEntity) => void;

/** The translations of SOAPTOREST APIs; other APIs have none. All throw ApiNotFound (404), and Forbidden for a caller whom the access roles keep out. */
@Injectable()
export class ResourcePoliciesService implements OnModuleInit {
  constructor(
    @InjectRepository(ResourcePolicyEntity) private readonly policies: Repository<ResourcePolicyEntity>,
    private readonly apis: ApisForChange,
    private readonly tables: ApiTables,
    private readonly parts: ApiArchiveParts,
    private readonly definitions: DefinitionChecks,
    private readonly transactions: Transactions,
  ) {}

  onModuleInit(): void {
    this.parts.register({
      write: (api, revisionId) => this.write(api, revisionId),
      read: async (tx, _, api, files) => {
        const sequences = api.type === 'SOAPTOREST' ? sequencesIn(files) : [];
        if (sequences.length === 0) return;
        await this.check(sequences);
        await this.replace(tx, api, sequences);
      },
    });
  }

  /** Whether the API is there is asked before the filter is read. */
  async list(caller: User, ref: ApiRef, filter: () => SequenceFilter): Promise<readonly ResourcePolicyEntity[]> {
    const { organization, id } = await this.apis.read(caller, ref);
    const { sequenceType, resourcePath, verb } = filter();
    return this.policies.find({
      where: {
        organization,
        apiId: id,
        sequenceType,
        ...(resourcePath && { resourcePath: resourcePath.replace(/^\//, '') }),
        ...(verb && { httpVerb: verb.toLowerCase() }),
      },
      order: { resourcePath: 'ASC', httpVerb: 'ASC' },
    });
  }

  /** @throws ResourcePolicyNotFound (404). */
  async get(caller: User, ref: ApiRef, id: string): Promise<ResourcePolicyEntity> {
    const { organization, id: apiId } = await this.apis.read(caller, ref);
    return found(isUUID(id) ? await this.policies.findOneBy({ organization, apiId, id }) : null, ResourcePolicyNotFound, id);
  }

  /** Replaces the content. @throws ResourcePolicyNotFound (404), UnusableDefinition (902006), LiveApiNeedsPublisher (403). */
  update(caller: User, ref: ApiRef, id: string, content: string, unchanged: Unchanged): Promise<ResourcePolicyEntity> {
    return this.transactions.run(async (tx) => {
      const { organization, id: apiId } = await this.apis.lock(tx, caller, ref);
      const where = { organization, apiId, id };
      const current = found(isUUID(id) ? await tx.em.findOneBy(ResourcePolicyEntity, where) : null, ResourcePolicyNotFound, id);
      unchanged(current);
      checkSequence(content);
      await this.definitions.resources([content]);
      return tx.em.save(Object.assign(current, { content }));
    });
  }

  /** @throws UnusableDefinition (902006) for the first sequence that the gateway could not run. */
  async check(sequences: readonly ResourceSequence[]): Promise<void> {
    for (const { content } of sequences) {
      checkSequence(content);
      // There may be thousands.
      await nextTurn();
    }
    await this.definitions.resources([...new Set(sequences.map(({ content }) => content))]);
  }

  /** Gives the API these sequences, which are {@link check checked}, in place of those it has. */
  async replace(
    tx: Tx,
    { organization, id: apiId }: Pick<Api, 'organization' | 'id'>,
    sequences: readonly ResourceSequence[],
  ): Promise<void> {
    await tx.em.delete(ResourcePolicyEntity, { organization, apiId });
    for (let from = 0; from < sequences.length; from += INSERTED_AT_ONCE) {
      const rows = sequences.slice(from, from + INSERTED_AT_ONCE).map((sequence) => ({
        ...sequence,
        httpVerb: sequence.httpVerb.toLowerCase(),
        ...{ id: randomUUID(), organization, apiId },
      }));
      await tx.em.insert(ResourcePolicyEntity, rows);
    }
  }

  private async write(api: Api, revisionId: string | null): Promise<readonly (readonly [path: string, content: string])[]> {
    const rows = await this.tables.rows<SequenceRow>('api_resource_policies', api, revisionId);
    const files = rows.map(({ sequence_type: sequenceType, resource_path: resourcePath, http_verb: httpVerb, content }) => {
      return [sequencePath({ sequenceType, resourcePath, httpVerb }), content] as const;
    });
    return files.sort(([a], [b]) => (a < b ? -1 : 1));
  }
}

/** A row as the table has it. */
interface SequenceRow {
  readonly sequence_type: SequenceType;
  readonly resource_path: string;
  readonly http_verb: string;
  readonly content: string;
}
