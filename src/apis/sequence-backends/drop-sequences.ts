import type { Api, EndpointConfig } from '../../domain/api.js';
import type { Tx } from '../../platform/database/transactions.js';
import { endpointTypeOf, SEQUENCE_BACKEND } from '../endpoint-config.js';

/** Deletes the sequences of an API whose endpoint is no longer made of them (`reference/publisher.md` §3.3). */
export const dropSequences = async ({ em }: Tx, before: Api, now: EndpointConfig | null): Promise<void> => {
  if (endpointTypeOf(before.details.endpointConfig) !== SEQUENCE_BACKEND || endpointTypeOf(now) === SEQUENCE_BACKEND) return;
  await em.query('DELETE FROM api_sequence_backends WHERE organization = $1 AND api_id = $2', [before.organization, before.id]);
};
