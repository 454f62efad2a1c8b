import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { ApimConfig } from '../../platform/config/sections/apim.config.js';
import { isTooLarge, sizeBelow } from './sdk-files.js';
import type { JavaLanguage } from './sdk-languages.js';
import type { SdkNames } from './sdk-names.js';

const PACKAGE = '@openapitools/openapi-generator-cli/package.json';
const PROBE_TIMEOUT_MS = 20_000;
const PROBED_AGAIN_AFTER_MS = 60_000;
const SIZE_LOOK_MS = 500;
const OUTPUT_MAX = 2_000;

/** Quick to start, little memory, and no way to the network: what looks for a proxy finds one that nobody listens on. */
const JAVA_OPTIONS = [
  ...[
    '-Xmx512m',
    '-Xss4m',
    '-XX:TieredStopAtLevel=1',
    '-XX:+UseSerialGC',
    '-Xshare:auto',
    '-Djava.awt.headless=true',
    '-Dfile.encoding=UTF-8',
  ],
  ...['-Dhttp.proxyHost=127.0.0.1', '-Dhttp.proxyPort=9', '-Dhttps.proxyHost=127.0.0.1', '-Dhttps.proxyPort=9'],
  ...['-Dhttp.nonProxyHosts=', '-DsocksProxyHost=127.0.0.1', '-DsocksProxyPort=9'],
];

/** Why the process ended without a result. */
export class JavaFailed extends Error {
  override readonly name = 'JavaFailed';
}

/** OpenAPI Generator, out of its package, on a Java runtime that the machine has. */
@Injectable()
export class JavaGenerator {
  private readonly jar = jarFile();
  private probe: { readonly works: Promise<boolean>; readonly at: number } | undefined;

  constructor(private readonly config: ApimConfig) {}

  /** Whether it runs on this machine. A runtime that appears later is noticed a minute later. */
  async works(): Promise<boolean> {
    if (this.jar === undefined || this.config.sdk.java === '') return false;
    const known = this.probe;
    if (known !== undefined && ((await known.works) || Date.now() - known.at < PROBED_AGAIN_AFTER_MS)) return known.works;
    const works = this.run(['version'], { timeoutMs: PROBE_TIMEOUT_MS }).then(
      () => true,
      () => false,
    );
    this.probe = { works, at: Date.now() };
    return works;
  }

  /** Writes the SDK to `out` below the folder. @throws JavaFailed. */
  async generate(language: JavaLanguage, definition: string, names: SdkNames, folder: string, timeoutMs: number): Promise<void> {
    const [input, config] = [join(folder, 'definition.json'), join(folder, 'config.json')];
    // What an earlier try has left is none of this one's.
    await rm(join(folder, 'out'), { recursive: true, force: true });
    await mkdir(join(folder, 'out'));
    await writeFile(input, definition);
    await writeFile(config, JSON.stringify(propertiesOf(language, names)));
    await this.run(['generate', '-g', language, '-i', input, '-o', join(folder, 'out'), '-c', config, '--skip-validate-spec'], {
      timeoutMs,
      folder,
    });
  }

  private async run(
    parameters: readonly string[],
    { timeoutMs, folder }: { readonly timeoutMs: number; readonly folder?: string },
  ): Promise<void> {
    const jar = this.jar ?? '';
    const options = folder === undefined ? JAVA_OPTIONS : [...JAVA_OPTIONS, `-Djava.io.tmpdir=${folder}`, `-Duser.home=${folder}`];
    const child = spawn(this.config.sdk.java, [...options, '-jar', jar, ...parameters], {
      ...{ stdio: ['ignore', 'pipe', 'pipe'], timeout: timeoutMs, killSignal: 'SIGKILL', cwd: folder },
      // Some languages start a program that a variable names; no variable of the server's is theirs.
      env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8' },
    });
    const size = folder === undefined ? undefined : watchSize(join(folder, 'out'), () => child.kill('SIGKILL'));
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output = (output + chunk.toString()).slice(-OUTPUT_MAX);
      });
    }
    try {
      const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
      if (code !== 0) throw new JavaFailed(`${code === null ? 'it was stopped' : `it ended with ${code}`}: ${output}`);
    } finally {
      clearInterval(size);
    }
  }
}

const watchSize = (folder: string, stop: () => void): NodeJS.Timeout =>
  setInterval(() => {
    sizeBelow(folder).then(
      (size) => isTooLarge(size) && stop(),
      // A file was moved while it was looked at; the next look counts it.
      () => undefined,
    );
  }, SIZE_LOOK_MS);

const propertiesOf = (language: JavaLanguage, names: SdkNames): Readonly<Record<string, unknown>> => ({
  hideGenerationTimestamp: true,
  ...{ groupId: names.groupId, artifactId: names.artifactId, artifactVersion: names.packageVersion },
  // The others have packages of their own kind, and take these names for such.
  ...(['java', 'android', 'groovy'].includes(language) && {
    ...{ modelPackage: names.modelPackage, apiPackage: names.apiPackage, invokerPackage: names.apiPackage },
  }),
});

/** Undefined where the optional package is not installed. */
const jarFile = (): string | undefined => {
  try {
    const file = join(dirname(createRequire(import.meta.url).resolve(PACKAGE)), 'bin', 'openapi-generator.jar');
    return existsSync(file) ? file : undefined;
  } catch {
    return undefined;
  }
};
