import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { KeyType } from '../../../domain/gateway-documents.js';

/** A certificate by which a client may call one API or product over mutual TLS. */
@Entity('api_client_certificates')
export class ClientCertificateEntity {
  @PrimaryColumn('uuid', { name: 'api_id' })
  readonly apiId!: string;

  @PrimaryColumn('text', { name: 'key_type' })
  readonly keyType!: KeyType;

  @PrimaryColumn('text')
  readonly alias!: string;

  @Column('text')
  readonly organization!: string;

  /** The subscription policy that calls with it are under. */
  @Column('text')
  tier!: string;

  @Column('text')
  pem!: string;
}
