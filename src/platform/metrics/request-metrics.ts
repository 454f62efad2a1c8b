import { Injectable } from '@nestjs/common';
import { type Labels, sample } from './prometheus-text.js';

/** One request of the management port that was answered, or given up by its client. */
export interface AnsweredRequest {
  /** The API it belongs to: `publisher`, `oauth2`, `scim2`, … */
  readonly face: string;
  /** As the documents spell it, `GET /apis/{apiId}`: never with the values of one request. */
  readonly operation: string;
  readonly status: number;
  readonly durationMs: number;
  /** Statements that it sent to the database, those that begin and end transactions among them. */
  readonly statements: number;
}

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const STATEMENTS = [0, 1, 2, 5, 10, 20, 50, 100];
/** More than there are operations: what comes beyond counts as one. */
const OPERATIONS_MAX = 2_000;
const OTHER = 'other';

class Histogram {
  private readonly counts: number[];
  private sum = 0;
  private count = 0;

  constructor(private readonly bounds: readonly number[]) {
    this.counts = bounds.map(() => 0);
  }

  add(value: number): void {
    const at = this.bounds.findIndex((bound) => value <= bound);
    if (at >= 0) this.counts[at] = (this.counts[at] ?? 0) + 1;
    this.sum += value;
    this.count += 1;
  }

  lines(name: string, labels: Labels): readonly string[] {
    let below = 0;
    const buckets = this.bounds.map((bound, at) => {
      below += this.counts[at] ?? 0;
      return sample(`${name}_bucket`, { ...labels, le: String(bound) }, below);
    });
    return [
      ...buckets,
      sample(`${name}_bucket`, { ...labels, le: '+Inf' }, this.count),
      sample(`${name}_sum`, labels, this.sum),
      sample(`${name}_count`, labels, this.count),
    ];
  }
}

interface Figures {
  readonly labels: Labels;
  readonly statuses: Map<number, number>;
  readonly durations: Histogram;
  readonly statements: Histogram;
}

/** Counts requests of the management port by operation, from the start of the process. */
@Injectable()
export class RequestMetrics {
  private readonly operations = new Map<string, Figures>();

  add({ face, operation, status, durationMs, statements }: AnsweredRequest): void {
    const figures = this.of(face, operation);
    figures.statuses.set(status, (figures.statuses.get(status) ?? 0) + 1);
    figures.durations.add(durationMs / 1_000);
    figures.statements.add(statements);
  }

  render(): string {
    const all = [...this.operations.values()];
    const histogram = (name: string, help: string, of: (figures: Figures) => Histogram) => [
      `# HELP ${name} ${help}`,
      `# TYPE ${name} histogram`,
      ...all.flatMap((figures) => of(figures).lines(name, figures.labels)),
    ];
    return [
      '# HELP apim_management_requests_total Requests answered by the management port.',
      '# TYPE apim_management_requests_total counter',
      ...all.flatMap(({ labels, statuses }) =>
        Array.from(statuses, ([status, count]) => sample('apim_management_requests_total', { ...labels, status: String(status) }, count)),
      ),
      ...histogram(
        'apim_management_request_duration_seconds',
        'Time from a request to the end of its answer.',
        ({ durations }) => durations,
      ),
      ...histogram('apim_management_request_statements', 'SQL statements that a request took.', ({ statements }) => statements),
      '',
    ].join('\n');
  }

  private of(face: string, operation: string): Figures {
    const key = `${face}\0${operation}`;
    const known = this.operations.get(key);
    if (known) return known;
    if (this.operations.size >= OPERATIONS_MAX && operation !== OTHER) return this.of(OTHER, OTHER);
    const figures = {
      labels: { face, operation },
      statuses: new Map<number, number>(),
      durations: new Histogram(SECONDS),
      statements: new Histogram(STATEMENTS),
    };
    this.operations.set(key, figures);
    return figures;
  }
}
