import { type DataSource, QueryFailedError } from 'typeorm';
import { SearchTooBroad, searching } from './searching.js';

/** A database whose every statement fails with this code. */
const failing = (code: string): DataSource => {
  const failure = new QueryFailedError('SELECT', [], Object.assign(new Error('failed'), { code }));
  return { transaction: () => Promise.reject(failure) } as unknown as DataSource; // nothing else of it is used
};

it('says so where a search takes too long', async () => {
  await expect(searching(failing('57014'), [], async () => [])).rejects.toMatchObject(SearchTooBroad());
});

it('leaves any other failure as it is', async () => {
  await expect(searching(failing('57P01'), [], async () => [])).rejects.toThrow(QueryFailedError);
});
