import { join } from 'node:path';
import { Client } from 'pg';
import { server } from './server.js';

/** For what only time would change: talks to the database of the server under test, which is the embedded one. */
export const withDatabase = async <T>(work: (database: Client) => Promise<T>): Promise<T> => {
  if (server.dataDir === '') throw new Error('the database of a server that was running before is unknown');
  const client = new Client({ host: join(server.dataDir, 'postgres'), user: 'gatehouse', database: 'postgres' });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
};
