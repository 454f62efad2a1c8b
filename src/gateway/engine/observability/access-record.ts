/** One request as an access line tells it. */
export interface AccessRecord {
  readonly client: string;
  /** Who was let in; null for nobody or somebody unknown. */
  readonly user: string | null;
  /** When the request came, epoch milliseconds. */
  readonly at: number;
  readonly method: string;
  /** Path and query, credentials masked. */
  readonly url: string;
  readonly httpVersion: string;
  readonly status: number;
  /** Of the answer's body; -1 when not known. */
  readonly bytes: number;
  readonly durationMs: number;
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  /** A request header by its name in lower case; undefined when it is not there, or holds credentials. */
  header(name: string): string | undefined;
}
