import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How a client made at an outside key manager is managed there. */
@Entity('key_manager_clients')
export class RegisteredClientEntity {
  @PrimaryColumn('uuid', { name: 'key_manager_id' })
  keyManagerId!: string;

  @PrimaryColumn('text', { name: 'client_id' })
  clientId!: string;

  /** Encrypted: the address and the token of RFC 7592. */
  @Column('text')
  registration!: string;
}
