import { type ChildProcess, spawn } from 'node:child_process';
import { eventually } from './eventually.js';

/** One bash for the whole page, so that variables and background jobs last. */
export class Shell {
  private readonly bash: ChildProcess;
  private output = '';
  private count = 0;

  constructor(environment: Readonly<Record<string, string>>, folder = process.cwd()) {
    this.bash = spawn('bash', { detached: true, cwd: folder, stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...environment } });
    for (const stream of [this.bash.stdout, this.bash.stderr]) stream?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
  }

  /** Runs the commands and gives what they print. */
  async run(commands: string): Promise<string> {
    this.count += 1;
    const mark = `--- end of ${this.count} ---`;
    this.output = '';
    this.bash.stdin?.write(`${commands}\necho; echo "${mark}"\n`);
    const text = await eventually(
      async () => this.output,
      (output) => output.includes(mark),
      20_000,
    );
    return text.slice(0, text.indexOf(mark)).replaceAll('\r', '').trim();
  }

  /** Ends bash and what it started. */
  stop(): void {
    if (this.bash.pid !== undefined && this.bash.exitCode === null) process.kill(-this.bash.pid, 'SIGKILL');
  }
}
