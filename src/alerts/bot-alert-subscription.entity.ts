import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Somebody to write to when bots are detected. */
@Entity('bot_alert_subscriptions')
export class BotAlertSubscriptionEntity {
  @PrimaryColumn('uuid')
  readonly id!: string;

  @Column('text')
  readonly organization!: string;

  /** Unique in the tenant without regard to case. */
  @Column('text')
  readonly email!: string;
}
