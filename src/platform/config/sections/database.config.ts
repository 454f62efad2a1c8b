import { IsInt, IsPositive, IsString, Max } from 'class-validator';
import { Section, Setting } from '../setting.js';

/** The product's own table; type `postgresql` stands for `database.url`. */
export class ApimDatabaseConfig {
  @Setting('Only `postgresql` is served.')
  @IsString()
  readonly type: string = '';

  @Setting('`jdbc:postgresql://host:port/name` or `postgres://…`.')
  @IsString()
  readonly url: string = '';

  @Setting('User name.')
  @IsString()
  readonly username: string = '';

  @Setting('Password.', { secret: true })
  @IsString()
  readonly password: string = '';
}

export class DatabaseConfig {
  @Setting('`postgres://user:password@host:port/name`. Empty: the embedded Postgres under the data folder.', { secret: true })
  @IsString()
  readonly url: string = '';

  @Setting('Most connections at a time.')
  @IsInt()
  @IsPositive()
  @Max(1_000)
  readonly connectionsMax: number = 20;

  @Section(ApimDatabaseConfig, 'The table of the same name in the product’s file.')
  readonly apimDb = new ApimDatabaseConfig();
}
