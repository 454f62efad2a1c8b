import { Injectable } from '@nestjs/common';
import { Problem } from '../../domain/problem.js';
import { ApimConfig } from '../../platform/config/sections/apim.config.js';
import { Outbound, OutboundError, OutboundTooLarge } from '../../platform/outbound/outbound.js';
import { WorkFailed, type WorkFile, WorkPool } from '../../platform/worker-pool/work-pool.js';
import type * as worker from './bundle.worker.js';
import type { DefinitionFinding } from './definition.js';
import { archivedDefinition, isArchive, isInArchive } from './definition-archive.js';
import { ContentTooLarge, DefinitionMissing, InvalidDefinition, RetrievalFailed, RetrievalRefused } from './definitions.problems.js';
import { Fetching } from './fetching.js';
import { decoded } from './json-document.js';
import { unparsable } from './parse-definition.js';

const WORKER: WorkFile<typeof worker> = { url: new URL('./bundle.worker.js', import.meta.url) };
const TIMEOUT_MS = 60_000;
const MB = 1_048_576;

/** Where a caller's definition comes from: the first that is given counts. */
export interface DefinitionSources {
  readonly file?: Buffer | undefined;
  readonly url?: string | undefined;
  readonly inline?: string | undefined;
}

export const hasDefinition = ({ file, url, inline }: DefinitionSources): boolean => file !== undefined || Boolean(url) || Boolean(inline);

/** Gets the texts of definitions, whole: what an archive or an address spreads over several files becomes one document. */
@Injectable()
export class DefinitionTexts {
  constructor(
    private readonly pool: WorkPool,
    private readonly outbound: Outbound,
    private readonly config: ApimConfig,
  ) {}

  /** @throws DefinitionMissing, ContentTooLarge, RetrievalFailed, RetrievalRefused, ArchiveUnusable, MasterMissing, InvalidDefinition (all 400). */
  async textOf(sources: DefinitionSources): Promise<string> {
    if (!hasDefinition(sources)) throw DefinitionMissing();
    const { file, url, inline } = sources;
    const bytes = file ?? (url ? await this.fetched(url, this.bytesMax) : Buffer.from(inline ?? '', 'utf8'));
    if (bytes.length > this.bytesMax) throw ContentTooLarge();
    if (isArchive(bytes)) return this.inOne(await archivedDefinition(bytes, this.bytesMax));
    const text = bytes.toString('utf8');
    // What comes by itself has no place that its references could be relative to.
    return file === undefined && url ? this.inOne({ root: url, files: new Map([[url, text]]) }) : text;
  }

  /** The definition in one document, as it was written when it refers to no other file; those that are not given are fetched from the web. */
  private async inOne({ root, files }: worker.DefinitionFiles): Promise<string> {
    const text = files.get(root) ?? '';
    const { href: address } = Object.assign(new URL(root), { hash: '' });
    const first = await this.run('references', new Map([[address, text]]));
    // Whoever reads the definition says what is wrong with it.
    if ('finding' in first || first.addresses.length === 0) return text;
    const whole = await this.run('bundle', { root: address, files: await this.reached(address, text, first.addresses, files) });
    if ('finding' in whole) throw InvalidDefinition(whole.finding);
    if (Buffer.byteLength(whole.text) > this.bytesMax) throw ContentTooLarge();
    return whole.text;
  }

  /** The definition with all files that it refers to, directly or by others of them. */
  private async reached(
    root: string,
    text: string,
    referred: readonly string[],
    given: ReadonlyMap<string, string>,
  ): Promise<ReadonlyMap<string, string>> {
    const known = new Map([[root, text]]);
    const fetch = (address: string, bytesMax: number) => this.referred(address, bytesMax);
    const fetching = new Fetching(this.bytesMax, fetch, (reason) => InvalidDefinition(unparsable(reason)));
    for (let wanted = referred.filter((address) => !known.has(address)); wanted.length > 0; ) {
      const fetched = await fetching.contents(wanted.filter((address) => !given.has(address)));
      const found = new Map(wanted.map((address) => [address, given.get(address) ?? fetched.get(address)?.toString('utf8') ?? '']));
      for (const [address, content] of found) known.set(address, content);
      const next = await this.run('references', found);
      if ('finding' in next) throw InvalidDefinition(next.finding);
      wanted = next.addresses.filter((address) => !known.has(address));
    }
    return known;
  }

  private async run<K extends keyof typeof worker>(
    name: K,
    input: Parameters<(typeof worker)[K]>[0],
  ): Promise<Awaited<ReturnType<(typeof worker)[K]>> | { readonly finding: DefinitionFinding }> {
    try {
      return await this.pool.run(WORKER, name, input, TIMEOUT_MS);
    } catch (err) {
      if (err instanceof WorkFailed) return { finding: unparsable('The definition is too complex to be processed.') };
      throw err;
    }
  }

  private async referred(address: string, bytesMax: number): Promise<Buffer> {
    if (isInArchive(address)) {
      throw InvalidDefinition(unparsable(`The archive does not hold ${decoded(new URL(address).pathname.slice(1))}.`));
    }
    try {
      return await this.fetched(address, bytesMax);
    } catch (err) {
      if (err instanceof Problem) throw InvalidDefinition(unparsable(`The definition refers to ${address}, which cannot be had.`));
      throw err;
    }
  }

  private get bytesMax(): number {
    return this.config.publisher.importDefinitionFileSizeLimit.oas * MB;
  }

  private async fetched(url: string, bytesMax: number): Promise<Buffer> {
    try {
      const { status, body } = await this.outbound.get(url, bytesMax, { accept: 'application/json, application/yaml, */*' });
      if (status !== 200) throw RetrievalRefused();
      return body;
    } catch (err) {
      if (err instanceof OutboundTooLarge) throw ContentTooLarge();
      if (err instanceof OutboundError) throw RetrievalFailed();
      throw err;
    }
  }
}
