import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { QueryDeepPartialEntity, Repository } from 'typeorm';
import type { Api, ApiRef } from '../../domain/api.js';
import { shownName } from '../../domain/organization.js';
import { found } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import { Transactions } from '../../platform/database/transactions.js';
import { ApiEntity } from '../api.entity.js';
import { ApisForChange } from '../apis-for-change.js';
import { endpointTypeOf, SEQUENCE_BACKEND } from '../endpoint-config.js';
import { DefinitionChecks } from '../policies/definition-checks.js';
import { readSequence, type SentFile, sequenceTypeOf } from './sequence.js';
import { SequenceBackendEntity } from './sequence-backend.entity.js';
import { SequenceBackendNotFound, SequenceOfOtherType } from './sequence-backends.problems.js';

/** An upload as it came. */
export interface SentSequence {
  readonly type: unknown;
  readonly file: SentFile | undefined;
}

/** The sequences that stand in for the backends of an API. All throw ApiNotFound (404) and Forbidden (403). */
@Injectable()
export class SequenceBackendsService {
  constructor(
    @InjectRepository(SequenceBackendEntity) private readonly sequences: Repository<SequenceBackendEntity>,
    private readonly apis: ApisForChange,
    private readonly definitions: DefinitionChecks,
    private readonly transactions: Transactions,
  ) {}

  /** Production first. @throws SequenceBackendNotFound (903250) when there are none. */
  async list(caller: User, ref: ApiRef): Promise<readonly SequenceBackendEntity[]> {
    const { organization, id: apiId } = await this.apis.read(caller, ref);
    const sequences = await this.sequences.find({ where: { organization, apiId }, order: { type: 'ASC' } });
    if (sequences.length === 0) throw SequenceBackendNotFound(apiId);
    return sequences;
  }

  /** @throws SequenceBackendNotFound (903250), UnknownSequenceType (400). */
  async get(caller: User, ref: ApiRef, word: string): Promise<SequenceBackendEntity> {
    const { organization, id: apiId } = await this.apis.read(caller, ref);
    const type = sequenceTypeOf(word);
    return found(await this.sequences.findOneBy({ organization, apiId, type }), SequenceBackendNotFound, apiId);
  }

  /**
   * Answers calls of the key type with the sequence; an endpoint of another kind gives way to it. `unchanged` may refuse on seeing the API.
   * @throws SequenceOfOtherType, UnknownSequenceType, SequenceMissing, SequenceNotXml (400), UnusableDefinition (902006), LiveApiNeedsPublisher (403).
   */
  put(caller: User, ref: ApiRef, sent: SentSequence, unchanged: (current: Api) => void): Promise<Api> {
    return this.transactions.run(async (tx) => {
      const api = await this.apis.lock(tx, caller, ref);
      unchanged(api);
      if (api.type !== 'HTTP') throw SequenceOfOtherType(api.type);
      const { organization, id: apiId, details } = api;
      const type = sequenceTypeOf(sent.type);
      const content = readSequence(sent.file, type);
      await this.definitions.backends([content]);
      await tx.em.upsert(SequenceBackendEntity, { apiId, type, organization, content }, ['apiId', 'type']);
      const isKept = endpointTypeOf(details.endpointConfig) === SEQUENCE_BACKEND;
      const endpointConfig = isKept ? details.endpointConfig : { endpoint_type: SEQUENCE_BACKEND };
      // Later than the last change in any case, so that whoever plans another one notices.
      const updatedAt = new Date(Math.max(Date.now(), api.updatedAt.getTime() + 1));
      const change = { details: { ...details, endpointConfig }, updatedAt, updatedBy: shownName(caller) };
      // The driver's type for a partial row knows no readonly lists.
      await tx.em.update(ApiEntity, { organization, id: apiId }, change as unknown as QueryDeepPartialEntity<ApiEntity>);
      return { ...api, ...change };
    });
  }

  /** @throws SequenceBackendNotFound (903250), UnknownSequenceType (400), LiveApiNeedsPublisher (403). */
  async remove(caller: User, ref: ApiRef, word: string): Promise<void> {
    await this.transactions.run(async (tx) => {
      const { organization, id: apiId } = await this.apis.lock(tx, caller, ref);
      const type = sequenceTypeOf(word);
      const { affected } = await tx.em.delete(SequenceBackendEntity, { organization, apiId, type });
      if (!affected) throw SequenceBackendNotFound(apiId);
    });
  }
}
