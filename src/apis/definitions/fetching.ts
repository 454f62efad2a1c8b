import type { Problem } from '../../domain/problem.js';
import { ContentTooLarge } from './definitions.problems.js';

/** Files fetched for one definition, and how many at a time. */
const FILES_MAX = 100;
const AT_A_TIME = 4;
/** How long fetching them all may take. */
const DEADLINE_MS = 60_000;

/** Fetches what one definition refers to: bounded in number, size and time over all of it. */
export class Fetching {
  private readonly deadline = Date.now() + DEADLINE_MS;
  private files = 0;

  constructor(
    private bytesLeft: number,
    private readonly fetch: (address: string, bytesMax: number) => Promise<Buffer>,
    private readonly refusal: (reason: string) => Problem,
  ) {}

  /** By address. @throws the refusal, ContentTooLarge (400), and what fetching throws. */
  async contents(addresses: readonly string[]): Promise<ReadonlyMap<string, Buffer>> {
    this.files += addresses.length;
    if (this.files > FILES_MAX) throw this.refusal(`The definition refers to more than ${FILES_MAX} other files.`);
    const contents = new Map<string, Buffer>();
    for (let start = 0; start < addresses.length; start += AT_A_TIME) {
      if (Date.now() > this.deadline) throw this.refusal('Fetching what the definition refers to took too long.');
      const bytesMax = this.bytesLeft;
      const fetched = await Promise.all(
        addresses.slice(start, start + AT_A_TIME).map(async (address) => [address, await this.fetch(address, bytesMax)] as const),
      );
      for (const [address, body] of fetched) {
        this.bytesLeft -= body.length;
        contents.set(address, body);
      }
      if (this.bytesLeft < 0) throw ContentTooLarge();
    }
    return contents;
  }
}
