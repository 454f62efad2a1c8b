import type { Exchange } from '../exchange.js';

const LINES_PER_SECOND_MAX = 100;
/** Headers whose values open doors; compared with names in lower case. */
const SECRET = /auth|cookie|token|secret|password|assertion|signature|credential|api-?key|internal-key/;
const MASK = '*****';

/** Whether what has this name, in lower case, opens doors. */
export const isSecretName = (lower: string): boolean => SECRET.test(lower);

export interface MediationLine {
  readonly text: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/**
 * What policies write to the log: what a message is, never its body, query or credentials. A busy API must not drown the log, so lines are counted
 * per second; those beyond are dropped and their number is told with the next line.
 */
export class MediationLog {
  private second = 0;
  private lines = 0;
  private dropped = 0;

  constructor(private readonly write: (line: MediationLine) => void) {}

  message(text: string, exchange: Exchange, headers: readonly string[], status: number | null): void {
    if (!this.admits()) return;
    const { api, operation, request, method, rest } = exchange;
    const detail = {
      api: api === null ? null : `${api.document.name}:${api.document.version}`,
      organization: api?.organization,
      resource: operation?.target,
      method: method ?? request.method,
      path: rest.split('?', 1)[0],
      ...(status !== null && { status }),
      headers: masked(headers),
      ...(this.dropped > 0 && { linesDropped: this.dropped }),
    };
    this.dropped = 0;
    this.write({ text, detail });
  }

  /** A line as a policy words it. */
  line(level: 'debug' | 'info' | 'warn' | 'error', text: string, { api, operation }: Exchange): void {
    if (!this.admits()) return;
    const detail = {
      level,
      api: api === null ? null : `${api.document.name}:${api.document.version}`,
      organization: api?.organization,
      resource: operation?.target,
      ...(this.dropped > 0 && { linesDropped: this.dropped }),
    };
    this.dropped = 0;
    this.write({ text, detail });
  }

  private admits(): boolean {
    const second = Math.floor(Date.now() / 1_000);
    if (second !== this.second) {
      this.second = second;
      this.lines = 0;
    }
    if (this.lines >= LINES_PER_SECOND_MAX) {
      this.dropped += 1;
      return false;
    }
    this.lines += 1;
    return true;
  }
}

const masked = (headers: readonly string[]): Readonly<Record<string, string>> => {
  const shown: Record<string, string> = Object.create(null);
  for (let i = 0; i < headers.length; i += 2) {
    const name = (headers[i] ?? '').toLowerCase();
    const value = isSecretName(name) ? MASK : (headers[i + 1] ?? '');
    shown[name] = shown[name] === undefined ? value : `${shown[name]}, ${value}`;
  }
  return shown;
};
