import { Injectable } from '@nestjs/common';
import type { Api } from '../../domain/api.js';
import type { Tx } from '../../platform/database/transactions.js';

/** Copies one kind of part from an API to its new version, in the transaction that makes the version. */
export type CopyPart = (tx: Tx, from: Api, to: Api) => Promise<void>;

/** What goes along with an API into a new version: each part registers how it is copied, so that versions need not know the parts. */
@Injectable()
export class ApiCopies {
  private readonly parts: CopyPart[] = [];

  /** Call it in `onModuleInit`. */
  register(copy: CopyPart): void {
    this.parts.push(copy);
  }

  /** Copies every registered part, one after the other: they share a connection. */
  async copy(tx: Tx, from: Api, to: Api): Promise<void> {
    for (const part of this.parts) await part(tx, from, to);
  }
}
