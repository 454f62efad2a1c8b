import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { isAdvertised } from '../../domain/api.js';
import { ApimConfig } from '../../platform/config/sections/apim.config.js';
import type { SdkLanguage } from '../../platform/config/sections/sdk.config.js';
import { Log } from '../../platform/logging/log.js';
import { WorkFailed, type WorkFile, WorkPool } from '../../platform/worker-pool/work-pool.js';
import type { NamedArchive } from '../archives/archive-exports.service.js';
import { PortalApisService } from '../portal/portal-apis.service.js';
import type { Viewer } from '../portal/portal-sight.js';
import { JavaFailed, JavaGenerator } from './java-generator.js';
import type { DefinitionToRead } from './read-client-definition.js';
import type * as worker from './sdk.worker.js';
import { isNative, type JavaLanguage, type NativeLanguage } from './sdk-languages.js';
import { type SdkNames, sdkNames } from './sdk-names.js';
import { NothingToGenerateFrom, SdkNotGenerated, TooManySdks, UnsupportedLanguage } from './sdks.problems.js';
import { Slots } from './slots.js';

const WORKER: WorkFile<typeof worker> = { url: new URL('./sdk.worker.js', import.meta.url) };
const TIMEOUT_MS = 60_000;
/** One thread of the pool stays free for definitions. */
const THREADS_MAX = 1;
const JAVA_PROCESSES_MAX = 2;
/** Somebody who asks for every language at once is served. */
const WAITING_MAX = 32;

interface Job {
  readonly source: DefinitionToRead;
  readonly names: SdkNames;
  readonly folder: string;
  readonly tokenHeader: string;
}

/** Clients of APIs, generated when they are asked for. */
@Injectable()
export class SdksService {
  private readonly threads = new Slots(THREADS_MAX, WAITING_MAX);
  private readonly processes = new Slots(JAVA_PROCESSES_MAX, WAITING_MAX);

  constructor(
    private readonly apis: PortalApisService,
    private readonly java: JavaGenerator,
    private readonly pool: WorkPool,
    private readonly config: ApimConfig,
    private readonly log: Log,
  ) {}

  /** Those that the configuration offers and this installation can generate. */
  async languages(): Promise<SdkLanguage[]> {
    const works = await this.java.works();
    return this.config.sdk.supportedLanguages.filter((language) => isNative(language) || works);
  }

  /** @throws ApiNotFound, HiddenApi (403), and 400 for a language that is not offered or a definition that it cannot be generated from. */
  async generate(viewer: Viewer, apiId: string, wanted: string): Promise<NamedArchive> {
    const { api, definition } = await this.apis.described(viewer, apiId);
    const offered = await this.languages();
    const language = offered.find((one) => one === wanted);
    if (language === undefined) throw UnsupportedLanguage(wanted, offered);
    if (definition === undefined) throw NothingToGenerateFrom();
    const names = sdkNames(api, language, this.config.sdk);
    const { advertiseInfo, authorizationHeader } = api.details;
    const server = isAdvertised(api) ? (advertiseInfo.apiExternalProductionEndpoint ?? undefined) : undefined;
    const source = { text: definition, server, name: api.name, version: api.version };
    const work = async () => this.inFolder((folder) => this.written(language, { source, names, folder, tokenHeader: authorizationHeader }));
    const content = await (isNative(language) ? this.threads : this.processes).run(work, TooManySdks);
    return { fileName: `${names.archive}.zip`, content };
  }

  private async written(language: SdkLanguage, job: Job): Promise<Buffer> {
    const generated = isNative(language) ? await this.native(language, job) : await this.onJava(language, job);
    if ('refusal' in generated) throw SdkNotGenerated(language, generated.refusal);
    return Buffer.from(generated.archive);
  }

  private native(language: NativeLanguage, job: Job): Promise<worker.Generated> {
    return this.refusing(language, () => this.pool.run(WORKER, 'generate', { language, ...job }, TIMEOUT_MS));
  }

  /** Some of its generators give up on some definitions, more often than not because a schema holds itself; without that they get a second chance. */
  private async onJava(language: JavaLanguage, { source, names, folder }: Job): Promise<worker.Generated> {
    for (const circles of [true, false]) {
      const read = await this.refusing(language, () => this.pool.run(WORKER, 'forJava', { source, circles }, TIMEOUT_MS));
      if ('refusal' in read) return read;
      try {
        await this.java.generate(language, read.definition, names, folder, TIMEOUT_MS);
        return await this.refusing(language, () => this.pool.run(WORKER, 'pack', { names, folder }, TIMEOUT_MS));
      } catch (err) {
        if (!(err instanceof JavaFailed)) throw err;
        // What it says is for whoever looks after the server.
        this.log.info({ err, language, circles }, 'an SDK could not be generated');
      }
    }
    return { refusal: 'Its generator cannot use the definition. The languages typescript, javascript and python may work.' };
  }

  /** What a generator cannot do is no failure of the server: it is the definition that is too large for it, or that it does not understand. */
  private async refusing<T>(language: SdkLanguage, work: () => Promise<T>): Promise<T | { readonly refusal: string }> {
    try {
      return await work();
    } catch (err) {
      if (err instanceof WorkFailed) return { refusal: 'The definition is too complex.' };
      this.log.warn({ err, language }, 'an SDK could not be generated');
      return { refusal: 'Its generator cannot use the definition.' };
    }
  }

  private async inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
    const folder = await mkdtemp(join(tmpdir(), 'gatehouse-sdk-'));
    try {
      return await work(folder);
    } finally {
      // A thread or process that was stopped may still be writing its last file.
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    }
  }
}
