import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Wsdl, WsdlType } from './wsdl.js';

/** The WSDL of an API. */
@Entity('api_wsdls')
export class WsdlEntity implements Wsdl {
  @PrimaryColumn('uuid', { name: 'api_id' })
  readonly apiId!: string;

  @Column('text')
  readonly organization!: string;

  @Column('text')
  readonly type!: WsdlType;

  @Column('bytea')
  readonly content!: Buffer;
}
