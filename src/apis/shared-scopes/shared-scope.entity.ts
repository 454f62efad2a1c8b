import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A scope of the tenant that its APIs attach; the name never changes. */
@Entity('shared_scopes')
export class SharedScopeEntity {
  @PrimaryColumn('uuid')
  readonly id!: string;

  @Column('text')
  readonly organization!: string;

  @Column('text')
  readonly name!: string;

  @Column('text', { name: 'display_name' })
  displayName!: string;

  @Column('text')
  description!: string;

  /** Any one of them opens the scope; none leaves it open to everyone. */
  @Column('text', { array: true })
  roles!: readonly string[];
}
