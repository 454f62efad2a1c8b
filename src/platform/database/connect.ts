import { DataSource, type DataSourceOptions } from 'typeorm';
import { StartError } from '../config/config-error.js';
import type { DatabaseConfig } from '../config/sections/database.config.js';
import type { DatabaseAddress } from './database-address.js';
import { StatementCount } from './statement-count.js';

const CONNECT_TIMEOUT_MS = 5_000;

/** The server named by the configuration: `database.url`, or the product's `[database.apim_db]` of type postgresql; undefined means the embedded one. */
export const externalUrl = (config: DatabaseConfig): string | undefined => {
  if (config.url) return valid(config.url, 'database.url');
  const { type, url, username, password } = config.apimDb;
  if (type === '' || type === 'h2') return undefined;
  if (type !== 'postgresql')
    throw new StartError(`database.apim_db.type is ${type}; only postgresql is served (leave it out for the embedded database)`);
  const address = new URL(valid(url.replace(/^jdbc:/, '').replace(/^postgresql:/, 'postgres:'), 'database.apim_db.url'));
  if (username) address.username = username;
  if (password) address.password = password;
  return address.toString();
};

const valid = (url: string, key: string): string => {
  if (!URL.canParse(url) || !/^postgres(ql)?:$/.test(new URL(url).protocol))
    throw new StartError(`${key} must look like postgres://user:password@host:5432/name`);
  return url;
};

export const connectionOptions = ({ options }: DatabaseAddress, config: DatabaseConfig): DataSourceOptions => ({
  type: 'postgres',
  ...('connectionString' in options ? { url: options.connectionString } : { ...options, username: options.user }),
  synchronize: false,
  applicationName: 'gatehouse',
  connectTimeoutMS: CONNECT_TIMEOUT_MS,
  poolSize: config.connectionsMax,
  logger: new StatementCount(),
});

/** Opens the connection pool. @throws StartError when the server cannot be reached. */
export const connect = async (options: DataSourceOptions): Promise<DataSource> => {
  const database = new DataSource(options);
  try {
    return await database.initialize();
  } catch (err) {
    throw new StartError(`the database cannot be reached: ${reason(err)}; check database.url`, { cause: err });
  }
};

const reason = (err: unknown): string => {
  const cause = err instanceof AggregateError ? err.errors[0] : err;
  return cause instanceof Error ? cause.message : String(cause);
};
