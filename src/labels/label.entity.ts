import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What administrators mark APIs with, for governance and for finding them. */
@Entity('labels')
export class LabelEntity {
  @PrimaryColumn('uuid')
  readonly id!: string;

  @Column('text')
  readonly organization!: string;

  @Column('text')
  name!: string;

  @Column('text')
  description!: string;
}
