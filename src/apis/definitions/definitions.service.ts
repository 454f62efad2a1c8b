import { Injectable } from '@nestjs/common';
import { jsonInTurns, nextTurn } from '../../platform/turns/turns.js';
import { WorkFailed, type WorkFile, WorkPool } from '../../platform/worker-pool/work-pool.js';
import type { DefinedOperation, Definition, DefinitionFinding, DefinitionReading, DefinitionSource } from './definition.js';
import { type DefinitionSources, DefinitionTexts } from './definition-texts.service.js';
import { InvalidDefinition } from './definitions.problems.js';
import type * as worker from './definitions.worker.js';
import { unparsable } from './parse-definition.js';

const WORKER: WorkFile<typeof worker> = { url: new URL('./definitions.worker.js', import.meta.url) };
const TIMEOUT_MS = 60_000;

const TOO_COMPLEX = unparsable('The definition is too complex to be processed.');

export interface WriteInput extends Pick<worker.WriteInput, 'content' | 'version'> {
  readonly source: DefinitionSource;
}

/** Reads, checks and writes definitions, off the main thread. */
@Injectable()
export class Definitions {
  constructor(
    private readonly pool: WorkPool,
    private readonly texts: DefinitionTexts,
  ) {}

  /** The text of a definition, in one document. @throws as {@link DefinitionTexts.textOf}. */
  textOf(sources: DefinitionSources): Promise<string> {
    return this.texts.textOf(sources);
  }

  /** What the text says, or what is wrong with it. */
  async read(text: string): Promise<DefinitionReading> {
    try {
      await nextTurn();
      const reading = await this.pool.run(WORKER, 'read', text, TIMEOUT_MS);
      await nextTurn();
      return reading.valid ? { ...reading, operations: await operationsOf(reading.operations) } : reading;
    } catch (err) {
      if (err instanceof WorkFailed) return { valid: false, findings: [TOO_COMPLEX] };
      throw err;
    }
  }

  /** What the text says. @throws the first finding as a problem (400), the others listed in it. */
  async readValid(text: string): Promise<Definition> {
    const reading = await this.read(text);
    if (!reading.valid) throw problemOf(reading.findings);
    return reading;
  }

  /** The definition in step with the API. @throws InvalidDefinition (400) for one that takes longer than there is time. */
  async write({ source, ...document }: WriteInput): Promise<string> {
    const text = await jsonInTurns(source);
    await nextTurn();
    try {
      return await this.pool.run(WORKER, 'write', { ...document, source: text }, TIMEOUT_MS);
    } catch (err) {
      if (err instanceof WorkFailed) throw InvalidDefinition(TOO_COMPLEX);
      throw err;
    }
  }
}

const operationsOf = async (texts: readonly string[]): Promise<readonly DefinedOperation[]> => {
  const operations: DefinedOperation[] = [];
  for (const text of texts) {
    operations.push(...(JSON.parse(text) as readonly DefinedOperation[])); // written by the worker
    await nextTurn();
  }
  return operations;
};

const problemOf = (findings: readonly DefinitionFinding[]) => {
  const [first = unparsable('The definition could not be read.'), ...others] = findings;
  return InvalidDefinition(first).withFindings(others.map((finding) => ({ ...finding, code: String(finding.code) })));
};
