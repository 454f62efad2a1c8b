import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { availableParallelism } from 'node:os';

export const has = (command) => spawnSync('sh', ['-c', `command -v ${command}`]).status === 0;
const pins = has('taskset') && availableParallelism() > 1;

/** The command bound to one core, where one is asked for and the system allows it. */
export const pinned = (core, command) => (pins && core !== undefined ? ['taskset', '-c', String(core), ...command] : command);

const running = new Set();

/** Starts a command in its own process group; what it prints is kept for the error message. */
export const launch = (command, { env, core } = {}) => {
  const [program, ...parameters] = pinned(core, command);
  const child = spawn(program, parameters, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  child.output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text) => {
      child.output = (child.output + text).slice(-4_000);
    });
  }
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
};

export const stop = async (child, signal = 'SIGTERM') => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  const timer = setTimeout(() => process.kill(-child.pid, 'SIGKILL'), 15_000);
  await ended;
  clearTimeout(timer);
};

export const stopAll = () => Promise.all([...running].map((child) => stop(child)));

/** What makes waiting on pointless. */
export class Hopeless extends Error {}

/** Waits until the check holds, with a pause between two checks. @throws Hopeless when the check does */
export const until = async (check, what, ms = 60_000, pauseMs = 20) => {
  const end = Date.now() + ms;
  for (;;) {
    try {
      if (await check()) return;
    } catch (err) {
      if (err instanceof Hopeless) throw err;
    }
    if (Date.now() > end) throw new Error(`${what} did not come within ${ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
};

export const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/** An offset at which all ports of a server are free. */
export const freeOffset = async () => {
  for (let offset = 10_000 + Math.floor(Math.random() * 20_000); ; offset += 37) {
    const free = await Promise.all([9443, 8280, 8243].map((port) => isFree(port + offset)));
    if (free.every(Boolean)) return offset;
  }
};

const isFree = (port) =>
  new Promise((resolve) => {
    const server = createServer()
      .once('error', () => resolve(false))
      .listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });

/** The process and all below it. */
export const tree = (pid) => {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const fields = readFileSync(`/proc/${name}/stat`, 'utf8')
          .replace(/^.*\) /s, '')
          .split(' ');
        return [[Number(name), Number(fields[1])]];
      } catch {
        return []; // gone meanwhile
      }
    });
  const found = [pid];
  for (const each of found) for (const [child, parent] of parents) if (parent === each) found.push(child);
  return found;
};

/** Sum of the proportional set sizes of a process tree, in MB. */
export const memoryMb = (pid) =>
  tree(pid).reduce((sum, each) => {
    try {
      const [, kb = 0] = /^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${each}/smaps_rollup`, 'utf8')) ?? [];
      return sum + Number(kb) / 1024;
    } catch {
      return sum;
    }
  }, 0);

const CLOCK_TICK_MS = 10;

/** CPU time that the process itself has used so far, in milliseconds. */
export const cpuMs = (pid) => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * CLOCK_TICK_MS;
};

/** What the process alone keeps in memory, in MB. */
export const residentMb = (pid) => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
