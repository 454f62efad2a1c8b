import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, fetch } from 'undici';
import { freeOffset as freeOffsetOf } from '../../scripts/e2e/ports.mjs';

const CLI = join(process.cwd(), 'dist', 'cli.js');
/** Far longer than a start takes on a busy machine. */
const START_MS = 120_000;
const STOP_MS = 10_000;
/** What a test started and did not see the end of, because it failed or ran out of time. */
const running = new Set<Cli>();

afterAll(async () => {
  await Promise.all(Array.from(running, (cli) => cli.endSoon()));
});
const insecure = new Agent({ connect: { rejectUnauthorized: false } });

export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** One run of the command line, with its own ports and data folder. */
export class Cli {
  private text = '';
  private readonly ended: Promise<Ended>;

  private constructor(
    readonly child: ChildProcess,
    readonly offset: number,
    readonly dataDir: string,
  ) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (chunk: string) => {
        this.text += chunk;
      });
    }
    running.add(this);
    this.ended = new Promise((resolve) =>
      child.once('exit', (code) => {
        running.delete(this);
        resolve({ code, output: this.text });
      }),
    );
  }

  static run(parameters: readonly string[], environment: NodeJS.ProcessEnv = {}, offset = 0, dataDir = temporaryFolder()): Cli {
    const env = { ...process.env, NODE_OPTIONS: '', APIM_SERVER__OFFSET: String(offset), APIM_SERVER__DATA_DIR: dataDir, ...environment };
    return new Cli(spawn(process.execPath, [CLI, ...parameters], { env, stdio: ['ignore', 'pipe', 'pipe'] }), offset, dataDir);
  }

  /** Starts a server on free ports and waits until it is ready. */
  static async start(environment: NodeJS.ProcessEnv = {}, dataDir = temporaryFolder(), parameters: readonly string[] = []): Promise<Cli> {
    const cli = Cli.run(['start', ...parameters], environment, await freeOffset(), dataDir);
    try {
      await cli.ready();
    } catch (err) {
      await cli.endSoon();
      throw err;
    }
    return cli;
  }

  get output(): string {
    return this.text;
  }

  get management(): string {
    return `https://localhost:${9443 + this.offset}`;
  }

  get gateway(): string {
    return `http://localhost:${8280 + this.offset}`;
  }

  async ready(): Promise<void> {
    const end = Date.now() + START_MS;
    for (;;) {
      if (this.child.exitCode !== null) throw new Error(`the server ended: ${this.text}`);
      if ((await this.status('/readyz')) === 200) return;
      if (Date.now() > end) throw new Error(`the server is not ready: ${this.text}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** The status of a GET on the management port; 0 while nothing answers. */
  async status(path: string, headers: Record<string, string> = {}): Promise<number> {
    try {
      const response = await fetch(this.management + path, { dispatcher: insecure, headers });
      await response.text();
      return response.status;
    } catch {
      return 0;
    }
  }

  /** POSTs a JSON body to the management port as the administrator. */
  async post(path: string, body: object): Promise<{ readonly status: number; readonly body: unknown }> {
    const headers = { Authorization: `Basic ${btoa('admin:admin')}`, 'Content-Type': 'application/json' };
    const response = await fetch(this.management + path, { method: 'POST', dispatcher: insecure, headers, body: JSON.stringify(body) });
    return { status: response.status, body: await response.json() };
  }

  end(): Promise<Ended> {
    return this.ended;
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Ended> {
    this.child.kill(signal);
    return this.ended;
  }

  /** Stops it, by force when it takes too long. */
  async endSoon(): Promise<Ended> {
    const timer = setTimeout(() => this.child.kill('SIGKILL'), STOP_MS);
    try {
      return await this.stop();
    } finally {
      clearTimeout(timer);
    }
  }
}

export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), 'gatehouse-cli-'));

/** An offset at which none of the server's ports is taken, nor will be by a test that runs beside this one. */
export const freeOffset = (): Promise<number> => freeOffsetOf(Number(process.env['JEST_WORKER_ID'] ?? 1));
