import { Injectable } from '@nestjs/common';
import { ApimConfig } from '../../platform/config/sections/apim.config.js';
import { Outbound, OutboundError, OutboundTooLarge } from '../../platform/outbound/outbound.js';
import { WorkFailed, type WorkFile, WorkPool } from '../../platform/worker-pool/work-pool.js';
import type { Definition, DefinitionFinding, DefinitionReading } from './definition.js';
import { ContentTooLarge, DefinitionMissing, InvalidDefinition, RetrievalFailed, RetrievalRefused } from './definitions.problems.js';
import type * as worker from './definitions.worker.js';
import { unparsable } from './parse-definition.js';

const WORKER: WorkFile<typeof worker> = { url: new URL('./definitions.worker.js', import.meta.url) };
const TIMEOUT_MS = 60_000;
const MB = 1_048_576;

/** Where a caller's definition comes from: the first that is given counts. */
export interface DefinitionSources {
  readonly file?: Buffer | undefined;
  readonly url?: string | undefined;
  readonly inline?: string | undefined;
}

/** Reads, checks and writes definitions, off the main thread. */
@Injectable()
export class Definitions {
  constructor(
    private readonly pool: WorkPool,
    private readonly outbound: Outbound,
    private readonly config: ApimConfig,
  ) {}

  /** The text of a definition. @throws DefinitionMissing, ContentTooLarge, RetrievalFailed, RetrievalRefused (all 400). */
  async textOf({ file, url, inline }: DefinitionSources): Promise<string> {
    if (file === undefined && !url && !inline) throw DefinitionMissing();
    const bytes = file ?? (url ? await this.fetched(url) : Buffer.from(inline ?? '', 'utf8'));
    if (bytes.length > this.bytesMax) throw ContentTooLarge();
    return bytes.toString('utf8');
  }

  /** What the text says, or what is wrong with it. */
  async read(text: string): Promise<DefinitionReading> {
    try {
      return await this.pool.run(WORKER, 'read', text, TIMEOUT_MS);
    } catch (err) {
      if (err instanceof WorkFailed) return { valid: false, findings: [unparsable('The definition is too complex to be processed.')] };
      throw err;
    }
  }

  /** What the text says. @throws the first finding as a problem (400), the others listed in it. */
  async readValid(text: string): Promise<Definition> {
    const reading = await this.read(text);
    if (!reading.valid) throw problemOf(reading.findings);
    return reading;
  }

  /** The definition in step with the API. */
  write(input: worker.WriteInput): Promise<string> {
    return this.pool.run(WORKER, 'write', input, TIMEOUT_MS);
  }

  private get bytesMax(): number {
    return this.config.publisher.importDefinitionFileSizeLimit.oas * MB;
  }

  private async fetched(url: string): Promise<Buffer> {
    try {
      const { status, body } = await this.outbound.get(url, this.bytesMax, { accept: 'application/json, application/yaml, */*' });
      if (status !== 200) throw RetrievalRefused();
      return body;
    } catch (err) {
      if (err instanceof OutboundTooLarge) throw ContentTooLarge();
      if (err instanceof OutboundError) throw RetrievalFailed();
      throw err;
    }
  }
}

const problemOf = (findings: readonly DefinitionFinding[]) => {
  const [first = unparsable('The definition could not be read.'), ...others] = findings;
  return InvalidDefinition(first).withFindings(others.map((finding) => ({ ...finding, code: String(finding.code) })));
};
