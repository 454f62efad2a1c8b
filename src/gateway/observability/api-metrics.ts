import { type Labels, sample } from '../../platform/metrics/prometheus-text.js';
import {
  type ApiFigures,
  BUCKETS_MS,
  CLASSES,
  COUNTS_AT,
  DURATIONS_AT,
  FIGURES,
  METHODS,
  OVERHEAD_BUCKETS_MS,
  OVERHEADS_AT,
} from '../engine/observability/figures.js';

/** Series of one API at the usual: two histograms and a few counters. */
const SERIES_OF_HISTOGRAMS = BUCKETS_MS.length + 3 + OVERHEAD_BUCKETS_MS.length + 3;
const OTHER = 'other';
/** Labels of requests that named no API. */
const NO_API = '';

interface Merged {
  readonly labels: Labels;
  readonly values: Float64Array;
}

/** The figures of all workers since the process started, by API. */
export class ApiMetrics {
  private readonly apis = new Map<string, Merged>();
  private series = 0;

  constructor(private readonly seriesMax: number) {}

  add(figures: readonly ApiFigures[]): void {
    for (const { organization, api, version, values } of figures) {
      const merged = this.of(organization, api, version);
      for (let i = 0; i < FIGURES; i += 1) {
        const amount = values[i] ?? 0;
        if (amount === 0) continue;
        if (i < DURATIONS_AT && merged.values[i] === 0) this.series += 1;
        merged.values[i] = (merged.values[i] ?? 0) + amount;
      }
    }
  }

  render(): string {
    const apis = [...this.apis.values()];
    const lines = ['# HELP apim_http_requests_total Requests answered by the gateway.', '# TYPE apim_http_requests_total counter'];
    for (const { labels, values } of apis) counts(labels, values, lines);
    histogram(
      'apim_request_duration_seconds',
      'Time from a request’s head to its answer’s last byte.',
      DURATIONS_AT,
      BUCKETS_MS,
      apis,
      lines,
    );
    histogram(
      'apim_gateway_overhead_seconds',
      'Part of the duration that was not spent waiting for the backend.',
      OVERHEADS_AT,
      OVERHEAD_BUCKETS_MS,
      apis,
      lines,
    );
    return `${lines.join('\n')}\n`;
  }

  private of(organization: string, api: string, version: string): Merged {
    const key = `${organization}\0${api}\0${version}`;
    const known = this.apis.get(key);
    if (known !== undefined) return known;
    if (this.series + SERIES_OF_HISTOGRAMS > this.seriesMax && api !== OTHER) return this.of(OTHER, OTHER, OTHER);
    const merged = {
      labels: api === NO_API ? { api: 'none', version: 'none', organization: 'none' } : { api, version, organization },
      values: new Float64Array(FIGURES),
    };
    this.apis.set(key, merged);
    this.series += SERIES_OF_HISTOGRAMS;
    return merged;
  }
}

const counts = (labels: Labels, values: Float64Array, lines: string[]): void => {
  for (const [m, method] of METHODS.entries()) {
    for (const [c, status] of CLASSES.entries()) {
      const count = values[COUNTS_AT + m * CLASSES.length + c] ?? 0;
      if (count > 0) lines.push(sample('apim_http_requests_total', { ...labels, method, status }, count));
    }
  }
};

const histogram = (name: string, help: string, at: number, bounds: readonly number[], apis: readonly Merged[], lines: string[]): void => {
  lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} histogram`);
  for (const { labels, values } of apis) {
    let below = 0;
    for (const [i, bound] of bounds.entries()) {
      below += values[at + i] ?? 0;
      lines.push(sample(`${name}_bucket`, { ...labels, le: String(bound / 1_000) }, below));
    }
    below += values[at + bounds.length] ?? 0;
    lines.push(sample(`${name}_bucket`, { ...labels, le: '+Inf' }, below));
    lines.push(sample(`${name}_sum`, labels, (values[at + bounds.length + 1] ?? 0) / 1_000), sample(`${name}_count`, labels, below));
  }
};
