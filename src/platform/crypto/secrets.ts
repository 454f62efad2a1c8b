import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Installation } from '../config/installation.js';

const IV_BYTES = 12;
const TAG_BYTES = 16;
/** Marks our own format, so that a later one can be told apart. */
const FORMAT = 'v1';

/** Secrets at rest: AES-256-GCM with the installation's key. The text form is `v1:<base64url of iv, tag and cipher text>`. */
@Injectable()
export class Secrets {
  private readonly key: Buffer;

  constructor(installation: Installation) {
    this.key = Buffer.from(installation.encryptionKey, 'hex');
  }

  encrypt(plain: string): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.key, iv);
    const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
    return `${FORMAT}:${Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url')}`;
  }

  /** @throws Error when the text was made with another key or was changed. */
  decrypt(text: string): string {
    const [format, body = ''] = text.split(':');
    if (format !== FORMAT) throw new Error('not an encrypted secret of ours');
    const bytes = Buffer.from(body, 'base64url');
    const decipher = createDecipheriv('aes-256-gcm', this.key, bytes.subarray(0, IV_BYTES));
    decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8');
  }
}
