import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A certificate that a tenant's gateways trust when they call a backend. */
@Entity('endpoint_certificates')
export class EndpointCertificateEntity {
  @PrimaryColumn('text')
  readonly organization!: string;

  @PrimaryColumn('text')
  readonly alias!: string;

  /** As it was sent. */
  @Column('text')
  readonly endpoint!: string;

  /** What APIs are matched by: `host:port` of the endpoint, or its host alone. */
  @Column('text')
  readonly server!: string;

  /** The certificate, and those of its chain that came with it. */
  @Column('text')
  pem!: string;
}
