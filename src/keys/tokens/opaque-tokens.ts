import { createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Installation } from '../../platform/config/installation.js';

const SEED_BYTES = 32;
const OPAQUE = /^[\w-]{43}$/;

/** Whether the text has the form of our opaque tokens: other texts are not worth a look into the database. */
export const isOpaqueToken = (text: string): boolean => OPAQUE.test(text);

export const tokenHash = (token: string): Buffer => createHash('sha256').update(token).digest();

export interface OpaqueToken {
  readonly text: string;
  /** Makes the same token again, for whoever has the installation's key. */
  readonly seed: string;
}

/** Makes opaque tokens: 256 bits, which follow from a random seed and a secret of the installation, so that the seed alone is worth nothing. */
@Injectable()
export class OpaqueTokens {
  private readonly key: Buffer;

  constructor(installation: Installation) {
    this.key = Buffer.from(hkdfSync('sha256', Buffer.from(installation.encryptionKey, 'hex'), '', 'opaque tokens', SEED_BYTES));
  }

  create(): OpaqueToken {
    const seed = randomBytes(SEED_BYTES).toString('base64url');
    return { text: this.again(seed), seed };
  }

  again(seed: string): string {
    return createHmac('sha256', this.key).update(seed).digest('base64url');
  }
}
