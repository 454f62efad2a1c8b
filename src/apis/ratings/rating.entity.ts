import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How a user rates an API. */
@Entity('api_ratings')
export class RatingEntity {
  /** Stays when the user changes the rating. */
  @PrimaryColumn('uuid')
  readonly id!: string;

  /** The tenant of the API. */
  @Column('text')
  readonly organization!: string;

  @Column('uuid', { name: 'api_id' })
  readonly apiId!: string;

  /** Maybe of another tenant; the row outlives the user. */
  @Column('uuid', { name: 'user_id' })
  readonly userId!: string;

  /** The user's name as the wire shows it. */
  @Column('text', { name: 'rated_by' })
  readonly ratedBy!: string;

  /** From 1 to 5. */
  @Column('smallint')
  readonly rating!: number;

  @Column('timestamptz', { name: 'rated_at' })
  readonly ratedAt!: Date;
}
