import type { CorsDocument } from '../../../domain/gateway-documents.js';
import { matchesPieces } from '../wildcard.js';

const ANY_ORIGIN = ['Access-Control-Allow-Origin', '*'];

/** Cross-origin rules, compiled from a document (`reference/gateway.md` §12). */
export class CorsRules {
  private readonly any: boolean;
  private readonly exact: ReadonlySet<string>;
  private readonly patterns: readonly (readonly string[])[];
  private readonly methods: ReadonlySet<string>;
  private readonly headers: readonly string[];
  private readonly credentials: boolean;

  constructor(document: CorsDocument) {
    this.any = document.origins.includes('*');
    this.exact = new Set(document.origins);
    this.patterns = document.origins.filter((origin) => origin.includes('*')).map((origin) => origin.split('*'));
    this.methods = new Set(document.methods.map((method) => method.toUpperCase()));
    this.headers = document.headers;
    this.credentials = document.credentials && !this.any;
  }

  /** The value of `Access-Control-Allow-Origin`, or null when the origin is not allowed. */
  allowOrigin(origin: string | null): string | null {
    if (this.any) return '*';
    if (origin === null) return null;
    // Patterns match whole origins: found anywhere, `https://*.example.com` would let `https://a.example.com.elsewhere.org` in.
    return this.exact.has(origin) || this.patterns.some((pieces) => matchesPieces(pieces, origin)) ? origin : null;
  }

  /** What every answer to this origin carries, names and values in turn; null when it is not allowed. */
  answerHeaders(origin: string | null): readonly string[] | null {
    if (this.any) return ANY_ORIGIN;
    const allowed = this.allowOrigin(origin);
    if (allowed === null) return null;
    const credentials = this.credentials ? ['Access-Control-Allow-Credentials', 'true'] : [];
    // Caches must not hand one origin's answer to another.
    return ['Access-Control-Allow-Origin', allowed, ...credentials, 'Vary', 'Origin'];
  }

  allowMethods(verbs: readonly string[]): string {
    return verbs.filter((verb) => this.methods.has(verb)).join(',');
  }

  /** `own` are the API's credential headers, which are always allowed. */
  allowHeaders(requested: string | null, own: readonly string[]): string {
    if (this.headers.includes('*') && requested !== null) return requested;
    const known = new Set(this.headers.map((name) => name.toLowerCase()));
    return [...this.headers, ...own.filter((name) => !known.has(name.toLowerCase()))].join(',');
  }
}
