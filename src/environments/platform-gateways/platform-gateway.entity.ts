import { Column, CreateDateColumn, Entity, PrimaryColumn, UpdateDateColumn } from 'typeorm';

/** What a platform gateway is beside the environment with the same id. */
@Entity('platform_gateways')
export class PlatformGatewayEntity {
  @PrimaryColumn('uuid') readonly id!: string;
  @Column('text') readonly organization!: string;
  /** Where its APIs are called. */
  @Column('text') readonly url!: string;
  @Column('jsonb') properties!: Readonly<Record<string, unknown>>;
  @Column('text', { name: 'token_id' }) tokenId!: string;
  /** SHA-256 of the whole token, in hexadecimal; the token itself is kept nowhere. */
  @Column('text', { name: 'token_hash' }) tokenHash!: string;
  @CreateDateColumn({ type: 'timestamptz', name: 'created_at' }) readonly createdAt!: Date;
  @UpdateDateColumn({ type: 'timestamptz', name: 'updated_at' }) updatedAt!: Date;
}
