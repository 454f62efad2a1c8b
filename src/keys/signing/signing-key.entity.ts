import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A key pair of a tenant. The newest whose time has come signs; the others verify. */
@Entity('signing_keys')
export class SigningKeyEntity {
  @PrimaryColumn('text')
  kid!: string;

  @Column('text')
  organization!: string;

  /** PKCS#8 PEM, encrypted. */
  @Column('text', { name: 'private_key' })
  privateKey!: string;

  /** Self-signed X.509 certificate of the public key, PEM. */
  @Column('text')
  certificate!: string;

  @Column('timestamptz', { name: 'signs_from' })
  signsFrom!: Date;

  /** End of the last token it may have signed, epoch seconds. */
  @Column('bigint', { name: 'covers_until' })
  coversUntil!: string;
}
