import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A resource of a product: an operation of one of its members. */
@Entity('api_product_resources')
export class ProductResourceEntity {
  @PrimaryColumn('uuid', { name: 'product_id' })
  readonly productId!: string;

  /** Counts from 0 in the product's order. */
  @PrimaryColumn('int')
  readonly position!: number;

  @Column('text')
  readonly organization!: string;

  @Column('uuid', { name: 'api_id' })
  readonly apiId!: string;

  @Column('text')
  readonly target!: string;

  /** In upper case. */
  @Column('text')
  readonly verb!: string;
}
