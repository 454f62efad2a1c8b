import { Injectable } from '@nestjs/common';
import type { Api } from '../../domain/api.js';
import type { KeyType } from '../../domain/gateway-documents.js';
import type { Tx } from '../../platform/database/transactions.js';
import { endpointTypeOf, SEQUENCE_BACKEND } from '../endpoint-config.js';
import type { DeployedParts } from './api-document.js';
import { ApiTables } from './api-tables.js';
import type { ApiSnapshot } from './revision.entity.js';

type Sequences = NonNullable<DeployedParts['sequences']>;
type Translations = NonNullable<DeployedParts['translations']>;
type Owner = Pick<Api, 'organization' | 'id'>;

/** A row of `api_sequence_backends`. */
interface SequenceRow {
  readonly type: KeyType;
  readonly content: string;
}

/** A row of `api_resource_policies`. */
interface TranslationRow {
  readonly sequence_type: 'in' | 'out';
  readonly http_verb: string;
  readonly resource_path: string;
  readonly content: string;
}

/** The sequences that gateways run of an API besides its policies. */
@Injectable()
export class DeployedSequences {
  constructor(private readonly tables: ApiTables) {}

  /** By revision; of revisions whose APIs are of another kind there is nothing. */
  async of(
    tx: Tx,
    api: Owner,
    snapshots: ReadonlyMap<string, ApiSnapshot>,
  ): Promise<ReadonlyMap<string, Pick<DeployedParts, 'sequences' | 'translations'>>> {
    const found = new Map<string, Pick<DeployedParts, 'sequences' | 'translations'>>();
    for (const [revisionId, { type, details }] of snapshots) {
      const isBackend = endpointTypeOf(details.endpointConfig) === SEQUENCE_BACKEND;
      found.set(revisionId, {
        ...(isBackend && { sequences: await this.backends(tx, api, revisionId) }),
        ...(type === 'SOAPTOREST' && { translations: await this.translations(tx, api, revisionId) }),
      });
    }
    return found;
  }

  private async backends(tx: Tx, api: Owner, revisionId: string): Promise<Sequences> {
    return sequencesOf(await this.tables.rows<SequenceRow>('api_sequence_backends', api, revisionId, tx.em));
  }

  private async translations(tx: Tx, api: Owner, revisionId: string): Promise<Translations> {
    const rows = await this.tables.rows<TranslationRow>('api_resource_policies', api, revisionId, tx.em);
    const found = new Map<string, Partial<Record<'in' | 'out', string>>>();
    for (const { sequence_type: direction, http_verb: verb, resource_path: path, content } of rows) {
      const key = `${verb.toUpperCase()} /${path}`;
      found.set(key, { ...found.get(key), [direction]: content });
    }
    return found;
  }
}

/** What answers for each key type. */
export const sequencesOf = (rows: readonly SequenceRow[]): Sequences => {
  const of = (wanted: KeyType) => rows.find(({ type }) => type === wanted)?.content;
  const production = of('PRODUCTION');
  const sandbox = of('SANDBOX');
  return {
    ...(production !== undefined && { productionSequence: production }),
    ...(sandbox !== undefined && { sandboxSequence: sandbox }),
  };
};
