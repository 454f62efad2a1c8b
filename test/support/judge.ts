import { request } from 'node:http';
import type { SeenAnswer } from './contract-validation.js';

/** Where answers are judged (`scripts/e2e/judge.mjs`): in one process for all test files, since reading the contracts takes longer than most tests. */
const JUDGE = process.env['GATEHOUSE_E2E_JUDGE'];

let judged: Promise<readonly string[]>[] = [];

/** Has an answer checked against its contract; `takeDeviations` tells what came of it. */
export const observe = (answer: SeenAnswer): void => {
  if (JUDGE === undefined) throw new Error('GATEHOUSE_E2E_JUDGE is not set: Jest was started without its global set-up');
  // What is in a file is not the contract's business.
  const verdict = ask(JUDGE, JSON.stringify(answer.body instanceof Uint8Array ? { ...answer, body: 'a file' } : answer));
  // Whoever takes the deviations, after each test, sees the failure.
  verdict.catch(() => undefined);
  judged.push(verdict);
};

/** The deviations seen since the last call, and forgets them. */
export const takeDeviations = async (): Promise<readonly string[]> => {
  const taken = judged;
  judged = [];
  return (await Promise.all(taken)).flat();
};

const ask = (url: string, answer: string): Promise<readonly string[]> =>
  new Promise((resolve, reject) => {
    const asked = request(url, { method: 'POST' }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => {
        const text = Buffer.concat(parts).toString();
        if (response.statusCode === 200)
          resolve(JSON.parse(text) as readonly string[]); // written by judge.mjs
        else reject(new Error(`the answer could not be judged: ${text}`));
      });
      response.on('error', reject);
    });
    asked.on('error', reject);
    asked.end(answer);
  });
