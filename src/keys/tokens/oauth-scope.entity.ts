import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('oauth_scopes')
export class OAuthScopeEntity {
  @PrimaryColumn('text')
  organization!: string;

  @PrimaryColumn('text')
  name!: string;

  @Column('text', { array: true })
  roles!: string[];
}
