import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Difference, exceptionName, WIRE_EXCEPTIONS, type WireException } from '../wire-exceptions.js';
import type { Observation } from './contract-validation.js';
import { APIS, loadContract } from './contracts.js';
import { compareDocuments, type Instead } from './document-comparison.js';
import { servedDocuments } from './served-documents.js';

/** How far one API is built. Every operation of the contract is served, only declared, or missing. */
export interface ApiConformance {
  readonly contract: number;
  /** Seen in the last end-to-end run to succeed with a valid answer. */
  readonly served: number;
  /** In the served document, not (yet) seen to succeed. */
  readonly declared: number;
  /** In neither. */
  readonly missing: readonly string[];
  readonly deviations: readonly string[];
}

export type Conformance = Readonly<Record<string, ApiConformance>>;

/** Compares contracts, served documents and the last end-to-end run; `work` is the folder with that run's records. */
export const conformance = (contracts: string, work: string): Conformance => {
  const documents = servedDocuments(join(work, 'served'));
  const observations = readObservations(join(work, 'observed'));
  return Object.fromEntries(
    APIS.map(({ name }) => {
      const contract = loadContract(name, contracts);
      const document = documents.get(name);
      const succeeded = new Set(observations.filter(({ status, valid }) => valid && status < 400).map(({ operation }) => operation));
      const keys = [...contract.operations.keys()];
      const served = keys.filter((key) => succeeded.has(`${name} ${key}`));
      const declared = keys.filter((key) => document?.operations.has(key) && !served.includes(key));
      const inDocument = document ? compareDocuments(contract, document, (operation) => insteadOf(`${name} ${operation}`)) : [];
      const texts = inDocument.map(({ operation, text }) => ({ operation: `${name} ${operation}`, text }));
      const mine = observations.filter(({ operation }) => operation.startsWith(`${name} `));
      return [
        name,
        {
          contract: keys.length,
          served: served.length,
          declared: declared.length,
          missing: keys.filter((key) => !served.includes(key) && !declared.includes(key)),
          deviations: [
            ...texts
              .filter(({ operation, text }) => !isMeant(operation, text))
              .map(({ operation, text }) => `${withoutApi(name, operation)}: ${text}`),
            ...new Set(
              mine
                .filter(({ valid }) => !valid)
                .map((seen) => `${withoutApi(name, seen.operation)}: answered ${seen.status}: ${seen.errors.join('; ')}`),
            ),
            ...staleExceptions(WIRE_EXCEPTIONS, mine, texts).map((stale) => `exception no longer needed: ${withoutApi(name, stale)}`),
          ],
        },
      ];
    }),
  );
};

const withoutApi = (name: string, text: string) => text.slice(name.length + 1);

const exceptionsOf = (operation: string): readonly Difference[] =>
  WIRE_EXCEPTIONS.filter(({ operations }) => operations.includes(operation)).map(({ differs }) => differs);

const insteadOf = (operation: string): Instead =>
  new Map(
    exceptionsOf(operation).flatMap((differs): readonly (readonly [number, number])[] => {
      if ('instead' in differs) return [[differs.instead, differs.of]];
      return 'also' in differs ? [[differs.also, differs.of ?? differs.also]] : [];
    }),
  );

const isMeant = (operation: string, text: string): boolean =>
  exceptionsOf(operation).some(
    (differs) => ('document' in differs && differs.document === text) || ('body' in differs && isField(text, differs.body)),
  );

/** Whether a deviation of the document is about the response field for which an exception stands. */
const isField = (text: string, pointer: string): boolean => {
  const [, at = ''] = /^response \d+(\/\S*) /.exec(text) ?? [];
  return at === pointer || at.startsWith(`${pointer}/`);
};

interface DocumentDeviation {
  readonly operation: string;
  readonly text: string;
}

/** Names of the exceptions that a run showed not to be needed, among those on operations it saw succeed. */
export const staleExceptions = (
  exceptions: readonly WireException[],
  observations: readonly Pick<Observation, 'operation' | 'status' | 'exceptions'>[],
  documented: readonly DocumentDeviation[],
): readonly string[] => {
  const used = new Set(observations.flatMap((seen) => seen.exceptions));
  const succeeded = new Set(observations.filter(({ status }) => status < 400).map(({ operation }) => operation));
  return exceptions.flatMap(({ operations, differs }) =>
    operations
      .filter((operation) => succeeded.has(operation))
      .filter((operation) => {
        if ('also' in differs || 'unshaped' in differs || 'refusal' in differs) return false; // answered under a condition only; a run need not meet it
        if ('document' in differs)
          return !documented.some((deviation) => deviation.operation === operation && deviation.text === differs.document);
        return !used.has(exceptionName(operation, differs));
      })
      .map((operation) => exceptionName(operation, differs)),
  );
};

const readObservations = (folder: string): readonly Observation[] => {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.jsonl'))
    .flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n'))
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Observation); // written by contract-validation.ts
};
