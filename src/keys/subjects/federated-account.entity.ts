import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A user of an outside identity provider, as the provider described it last. */
@Entity('federated_accounts')
export class FederatedAccountEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  organization!: string;

  @Column('text')
  issuer!: string;

  @Column('text')
  subject!: string;

  @Column('text', { array: true })
  roles!: string[];

  @Column('jsonb')
  claims!: Readonly<Record<string, unknown>>;

  @Column('timestamptz', { name: 'modified_at' })
  modifiedAt!: Date;

  /** End of its last token, epoch seconds. */
  @Column('bigint', { name: 'needed_until' })
  neededUntil!: string;
}
