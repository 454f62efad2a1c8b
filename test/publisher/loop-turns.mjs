// Given to a server with `node --import`: on SIGUSR2 it writes the longest turn of the main loop since the last time, in milliseconds: `cpu`, what the
// thread itself worked, and `delay`, which on a busy machine holds the waiting for a core too.
import { renameSync, writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

const file = process.env.TURNS_FILE;
if (isMainThread && file) {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const cpuMs = () => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1000;
  };
  let last = cpuMs();
  let longest = 0;
  // Timers that are due run once in every turn.
  setInterval(() => {
    const now = cpuMs();
    longest = Math.max(longest, now - last);
    last = now;
  }, 1).unref();
  // The last process to start is the server.
  writeFileSync(`${file}.pid`, String(process.pid));
  process.on('SIGUSR2', () => {
    writeFileSync(`${file}.next`, JSON.stringify({ cpu: longest, delay: delay.max / 1e6 }));
    renameSync(`${file}.next`, file);
    delay.reset();
    longest = 0;
    last = cpuMs();
  });
}
