import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What a tenant sorts its APIs by. APIs name their categories. */
@Entity('api_categories')
export class CategoryEntity {
  @PrimaryColumn('uuid')
  readonly id!: string;

  @Column('text')
  readonly organization!: string;

  @Column('text')
  name!: string;

  @Column('text')
  description!: string;
}
