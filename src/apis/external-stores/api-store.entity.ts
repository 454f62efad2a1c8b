import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { PublishedApi } from './external-store.js';

/** A store that offers an API, and how the API is called there. */
@Entity('api_external_stores')
export class ApiStoreEntity implements PublishedApi {
  @PrimaryColumn('uuid', { name: 'api_id' })
  readonly apiId!: string;

  @PrimaryColumn('text', { name: 'store_id' })
  readonly storeId!: string;

  @Column('text')
  readonly organization!: string;

  @Column('text', { name: 'remote_id' })
  readonly remoteId!: string;

  @Column('timestamptz', { name: 'updated_at' })
  readonly updatedAt!: Date;
}
