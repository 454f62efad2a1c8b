import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A key pair that signs a tenant's tokens (`ACTIVE`), or did and still verifies them (`RETIRED`). */
@Entity('signing_keys')
export class SigningKeyEntity {
  @PrimaryColumn('text')
  kid!: string;

  @Column('text')
  organization!: string;

  @Column('text')
  state!: 'ACTIVE' | 'RETIRED';

  /** PKCS#8 PEM, encrypted. */
  @Column('text', { name: 'private_key' })
  privateKey!: string;

  /** Self-signed X.509 certificate of the public key, PEM. */
  @Column('text')
  certificate!: string;

  @Column('timestamptz', { name: 'retired_at', nullable: true })
  retiredAt!: Date | null;
}
