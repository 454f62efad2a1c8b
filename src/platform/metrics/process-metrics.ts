import { metric } from './prometheus-text.js';

const one = (value: number): [[Record<string, never>, number]] => [[{}, value]];

/** The process as a whole, workers included. */
export const processMetrics = (): string => {
  const { user, system } = process.cpuUsage();
  return [
    metric('process_cpu_seconds_total', 'counter', 'Processor time of the whole process.', one((user + system) / 1e6)),
    metric('process_resident_memory_bytes', 'gauge', 'Memory of the whole process.', one(process.memoryUsage.rss())),
    metric('process_start_time_seconds', 'gauge', 'When the process started.', one(Math.round(Date.now() / 1_000 - process.uptime()))),
  ].join('');
};
