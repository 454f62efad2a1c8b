import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Installation } from '../config/installation.js';
import type { EncryptionKey, KeyRing } from './key-ring.js';

const IV_BYTES = 12;
const TAG_BYTES = 16;
/**
 * Secrets at rest: AES-256-GCM. The text form is `v2:<key id>:<base64url of iv, tag and cipher text>`; the older `v1:<base64url…>` names no key and is read with
 * whichever fits.
 */
@Injectable()
export class Secrets {
  private readonly ring: KeyRing;

  constructor(@Inject(Installation) installation: Pick<Installation, 'keys'>) {
    this.ring = installation.keys;
  }

  encrypt(plain: string): string {
    const { id, bytes } = this.ring.current;
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', bytes, iv);
    const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
    return `v2:${id}:${Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url')}`;
  }

  /** @throws Error when the text was made with a key that is not at hand or was changed. */
  decrypt(text: string): string {
    const [format, ...rest] = text.split(':');
    if (format === 'v2') {
      const [id = '', body = ''] = rest;
      const key = this.ring.byId(id);
      if (!key) throw new Error(`the secret is encrypted with the key ${id}, which this server does not have`);
      return opened(body, key);
    }
    if (format !== 'v1') throw new Error('not an encrypted secret of ours');
    const [body = ''] = rest;
    return this.openedByAny(body);
  }

  /** The same secret under the newest key; undefined for a text that cannot be read, which is then none of ours. */
  resealed(text: string): string | undefined {
    try {
      return this.encrypt(this.decrypt(text));
    } catch {
      return undefined;
    }
  }

  private openedByAny(body: string): string {
    let failure: unknown;
    for (const key of this.ring.keys) {
      try {
        return opened(body, key);
      } catch (err) {
        failure = err;
      }
    }
    throw failure;
  }
}

const opened = (body: string, { bytes: key }: EncryptionKey): string => {
  const bytes = Buffer.from(body, 'base64url');
  if (bytes.length < IV_BYTES + TAG_BYTES) throw new Error('not an encrypted secret of ours');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES));
  decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8');
};
