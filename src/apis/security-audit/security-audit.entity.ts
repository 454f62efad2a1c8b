import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The name under which the audit service knows an API. */
@Entity('api_security_audits')
export class SecurityAuditEntity {
  @PrimaryColumn('uuid', { name: 'api_id' })
  readonly apiId!: string;

  @Column('text')
  readonly organization!: string;

  @Column('text', { name: 'external_id' })
  externalId!: string;
}
