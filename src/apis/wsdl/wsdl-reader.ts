import { Injectable } from '@nestjs/common';
import { Problem } from '../../domain/problem.js';
import { ArchiveRefused, readArchive } from '../../platform/archives/read-archive.js';
import { writeArchive } from '../../platform/archives/write-archive.js';
import { ExpiringCache } from '../../platform/cache/expiring-cache.js';
import { ApimConfig } from '../../platform/config/sections/apim.config.js';
import { Outbound, OutboundError, OutboundTooLarge } from '../../platform/outbound/outbound.js';
import { WorkFailed, type WorkFile, WorkPool } from '../../platform/worker-pool/work-pool.js';
import { isArchive, LITTER } from '../definitions/definition-archive.js';
import { ContentTooLarge } from '../definitions/definitions.problems.js';
import { Fetching } from '../definitions/fetching.js';
import { isUnreadable, type Unreadable } from './read-wsdl.js';
import { type Wsdl, type WsdlFiles, type WsdlInfo } from './wsdl.js';
import {
  WsdlArchiveEmpty,
  WsdlExtensionUnsupported,
  WsdlMissing,
  WsdlNotRecognized,
  WsdlUnprocessable,
  WsdlUnusableUrl,
  WsdlUrlNotRecognized,
} from './wsdl.problems.js';
import type * as worker from './wsdl.worker.js';
import { fingerprint } from './wsdl-reply.js';

const WORKER: WorkFile<typeof worker> = { url: new URL('./wsdl.worker.js', import.meta.url) };
const TIMEOUT_MS = 60_000;
const MB = 1_048_576;
const ENTRIES_MAX = 1_000;
/** All files of an archive unpacked, in relation to the largest one. */
const UNPACKED_FACTOR = 4;
const EXTENSIONS = /\.(?:wsdl|zip)$/i;
const REWRITTEN_TTL_MS = 600_000;
const REWRITTEN_MAX = 8;
/** The path of the only document. */
const ALONE = 'service.wsdl';

/** Where a caller's WSDL comes from: the file counts where both are given. */
export interface WsdlSource {
  readonly file?: { readonly name: string; readonly content: Buffer } | undefined;
  readonly url?: string | undefined;
}

/** A WSDL that was read and found good. */
export interface KnownWsdl {
  readonly wsdl: Wsdl;
  readonly info: WsdlInfo;
}

/** Gets, reads and rewrites WSDLs, off the main thread. */
@Injectable()
export class WsdlReader {
  /** Everybody may ask for them, and a large one takes a thread for seconds. What is kept never changes: the content is in its key. */
  private readonly rewritten = new ExpiringCache<Wsdl>(REWRITTEN_TTL_MS, REWRITTEN_MAX);

  constructor(
    private readonly pool: WorkPool,
    private readonly outbound: Outbound,
    private readonly config: ApimConfig,
  ) {}

  /**
   * What a caller gives. A document from the web comes with what it refers to on its own server, as an archive.
   * @throws WsdlMissing, WsdlExtensionUnsupported, WsdlUnusableUrl, ContentTooLarge and the problems of {@link check} (all 400).
   */
  async given({ file, url }: WsdlSource): Promise<KnownWsdl> {
    if (file !== undefined) {
      if (!EXTENSIONS.test(file.name)) throw WsdlExtensionUnsupported();
      return this.known(wsdlOf(file.content));
    }
    if (!url) throw WsdlMissing();
    const content = await this.fetched(url, this.bytesMax);
    const wsdl = isArchive(content) ? wsdlOf(content) : await this.collected(url, content);
    return this.known(wsdl, WsdlUrlNotRecognized);
  }

  /** @throws ContentTooLarge, WsdlNotRecognized, WsdlArchiveEmpty, WsdlUnprocessable (400). */
  async check(wsdl: Wsdl): Promise<WsdlInfo> {
    return (await this.known(wsdl)).info;
  }

  /** As those who call the API at the address get it; `alone`: of an archive the main document by itself. @throws as {@link check}. */
  at(address: string, wsdl: Wsdl, alone: boolean): Promise<Wsdl> {
    return this.rewritten.get(`${fingerprint(wsdl)} ${alone} ${address}`, () => this.rewrite(address, wsdl, alone));
  }

  private async rewrite(address: string, wsdl: Wsdl, alone: boolean): Promise<Wsdl> {
    const files = await this.filesOf(wsdl);
    const rewritten = await this.run('rewrite', { files, isArchive: wsdl.type === 'ZIP', address });
    if (isUnreadable(rewritten)) throw problemOf(rewritten, WsdlNotRecognized);
    const { documents, main } = rewritten;
    if (alone || wsdl.type === 'WSDL') return { type: 'WSDL', content: Buffer.from(documents.get(main) ?? '', 'utf8') };
    const all = [...files].map(([path, content]) => [path, documents.get(path) ?? Buffer.from(content)] as const);
    return { type: 'ZIP', content: await writeArchive(all) };
  }

  /** Its operations as resources. @throws as {@link check}. */
  async restFace(wsdl: Wsdl, name: string, version: string): Promise<worker.RestFace> {
    const face = await this.run('restFace', { files: await this.filesOf(wsdl), isArchive: wsdl.type === 'ZIP', name, version });
    if (isUnreadable(face)) throw problemOf(face, WsdlNotRecognized);
    return face;
  }

  private async known(wsdl: Wsdl, unrecognized = WsdlNotRecognized): Promise<KnownWsdl> {
    if (wsdl.content.length > this.bytesMax) throw ContentTooLarge();
    const info = await this.run('read', { files: await this.filesOf(wsdl), isArchive: wsdl.type === 'ZIP' });
    if (isUnreadable(info)) throw problemOf(info, unrecognized);
    return { wsdl, info };
  }

  /** Also of a WSDL that was taken when more was allowed. @throws WsdlUnprocessable (400). */
  private async filesOf({ type, content }: Wsdl): Promise<WsdlFiles> {
    if (type === 'WSDL') return new Map([[ALONE, content]]);
    try {
      const unpacked = await readArchive(content, {
        entriesMax: ENTRIES_MAX,
        bytesMax: Math.max(this.bytesMax, content.length) * UNPACKED_FACTOR,
      });
      return new Map([...unpacked].filter(([path]) => !LITTER.test(path)));
    } catch (err) {
      if (err instanceof ArchiveRefused) throw WsdlUnprocessable(err.message);
      throw err;
    }
  }

  private async collected(root: string, content: Buffer): Promise<Wsdl> {
    const address = Object.assign(new URL(root), { hash: '' }).href;
    const known = new Map<string, Buffer>([[address, content]]);
    const fetching = new Fetching(this.bytesMax - content.length, (one, bytesMax) => this.referred(one, bytesMax), WsdlUnprocessable);
    for (let latest: ReadonlyMap<string, Buffer> = known; latest.size > 0; ) {
      const wanted = new Set<string>();
      for (const [base, body] of latest) {
        const referred = await this.run('references', { address: base, content: body });
        if (isUnreadable(referred)) {
          // Whoever reads the WSDL says what is wrong with it.
          if (base === address) return { type: 'WSDL', content };
          throw WsdlUnprocessable(`It refers to ${base}, which is no XML document.`);
        }
        for (const one of referred) if (!known.has(one)) wanted.add(one);
      }
      latest = await fetching.contents([...wanted]);
      for (const [one, body] of latest) known.set(one, body);
    }
    if (known.size === 1) return { type: 'WSDL', content };
    const files = await this.run('collected', known);
    if (isUnreadable(files)) throw problemOf(files, WsdlUrlNotRecognized);
    return { type: 'ZIP', content: await writeArchive(files) };
  }

  private async referred(address: string, bytesMax: number): Promise<Buffer> {
    try {
      return await this.fetched(address, bytesMax);
    } catch (err) {
      if (err instanceof Problem) throw WsdlUnprocessable(`It refers to ${address}, which cannot be had.`);
      throw err;
    }
  }

  private async fetched(url: string, bytesMax: number): Promise<Buffer> {
    try {
      const { status, body } = await this.outbound.get(url, bytesMax, { accept: 'text/xml, application/wsdl+xml, application/xml, */*' });
      if (status !== 200) throw WsdlUnusableUrl(`It answered ${status}.`);
      return body;
    } catch (err) {
      if (err instanceof OutboundTooLarge) throw ContentTooLarge();
      if (err instanceof OutboundError) throw WsdlUnusableUrl(err.message);
      throw err;
    }
  }

  private async run<K extends keyof typeof worker>(
    name: K,
    input: Parameters<(typeof worker)[K]>[0],
  ): Promise<Awaited<ReturnType<(typeof worker)[K]>>> {
    try {
      return await this.pool.run<typeof worker, K>(WORKER, name, input, TIMEOUT_MS);
    } catch (err) {
      if (err instanceof WorkFailed) throw WsdlUnprocessable('It is too complex.');
      throw err;
    }
  }

  private get bytesMax(): number {
    return this.config.publisher.importDefinitionFileSizeLimit.wsdl * MB;
  }
}

const wsdlOf = (content: Buffer): Wsdl => ({ type: isArchive(content) ? 'ZIP' : 'WSDL', content });

const problemOf = (unreadable: Unreadable, unrecognized: () => Problem): Problem => {
  if (unreadable.reason === 'unusable') return WsdlUnprocessable(unreadable.text);
  return unreadable.reason === 'empty-archive' ? WsdlArchiveEmpty() : unrecognized();
};
