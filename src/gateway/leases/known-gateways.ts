import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Log } from '../../platform/logging/log.js';
import type { LimitKind } from '../engine/throttling/limits.js';

/** How many gateways share each store, kept in a file: a gateway that starts while a store is away still knows its share of the limits. */
export class KnownGateways {
  private known: Readonly<Partial<Record<LimitKind, number>>>;

  constructor(
    private readonly file: string,
    private readonly log: Log,
  ) {
    this.known = readKnown(file);
  }

  /** 0 where no number is known. */
  of(store: LimitKind): number {
    return this.known[store] ?? 0;
  }

  /** A full disk costs what a restart would have known, not the server. */
  note(store: LimitKind, gateways: number): void {
    if (this.known[store] === gateways) return;
    this.known = { ...this.known, [store]: gateways };
    try {
      writeFileSync(`${this.file}.next`, JSON.stringify(this.known), { mode: 0o600 });
      renameSync(`${this.file}.next`, this.file);
    } catch (err) {
      this.log.warn({ err }, 'the number of gateways could not be saved');
    }
  }
}

/** What is not there, or was torn, tells of nobody. */
const readKnown = (file: string): Readonly<Partial<Record<LimitKind, number>>> => {
  try {
    const saved: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof saved !== 'object' || saved === null) return {};
    return Object.fromEntries(Object.entries(saved).filter(([, gateways]) => Number.isSafeInteger(gateways) && gateways > 0));
  } catch {
    return {};
  }
};
