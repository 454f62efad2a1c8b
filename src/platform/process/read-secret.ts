import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { StartError } from '../config/config-error.js';

/** A value from standard input, without the end of its last line; from a terminal it is asked for, and not shown while it is typed. @throws StartError for none. */
export const readSecret = async (): Promise<string> => {
  const value = process.stdin.isTTY ? await asked() : (await text(process.stdin)).replace(/\r?\n$/, '');
  if (value === '') throw new StartError('there is no value on standard input');
  return value;
};

const asked = (): Promise<string> =>
  new Promise((resolve) => {
    process.stderr.write('Value: ');
    const silent = new Writable({ write: (_, __, done) => done() });
    const lines = createInterface({ input: process.stdin, output: silent, terminal: true });
    lines.question('', (value) => {
      lines.close();
      process.stderr.write('\n');
      resolve(value);
    });
  });
