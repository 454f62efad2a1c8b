import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { StartError } from '../config/config-error.js';

const KEY = /^[0-9a-fA-F]{64}$/;
const ID_DIGITS = 8;

export const isEncryptionKey = (text: string): boolean => KEY.test(text);

/** An AES-256 key for stored secrets. */
export interface EncryptionKey {
  /** Stands in every text made with the key; tells keys apart and nothing about them. */
  readonly id: string;
  readonly bytes: Buffer;
  /** 64 hexadecimal digits. */
  readonly hex: string;
}

const keyOf = (hex: string): EncryptionKey => {
  const bytes = Buffer.from(hex, 'hex');
  return { bytes, hex: hex.toLowerCase(), id: createHash('sha256').update('key id').update(bytes).digest('hex').slice(0, ID_DIGITS) };
};

/** The keys that stored secrets may have been encrypted with; the first one encrypts. */
export abstract class KeyRing {
  /** The newest key first. */
  abstract get keys(): readonly EncryptionKey[];

  /** The key of this id; undefined for one that is not on the ring. */
  abstract byId(id: string): EncryptionKey | undefined;

  get current(): EncryptionKey {
    const [first] = this.keys;
    if (!first) throw new Error('there is no encryption key: this profile stores no secrets');
    return first;
  }
}

/** Keys that do not change while the process runs: those of the configuration. */
export class FixedKeys extends KeyRing {
  readonly keys: readonly EncryptionKey[];

  constructor(hex: readonly string[]) {
    super();
    this.keys = hex.filter((each) => each !== '').map(keyOf);
  }

  byId(id: string): EncryptionKey | undefined {
    return this.keys.find((key) => key.id === id);
  }
}

/** What is encrypted with a key may be on disk in a moment: the key's name in its folder has to be there before. */
export const flushFolder = (folder: string): void => {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
};

/** The key file of the data folder: one key a line, the newest first. What `gatehouse secrets rotate` writes there is seen at once. */
export class KeyFile extends KeyRing {
  private held: readonly EncryptionKey[] = [];
  private seen = '';

  constructor(readonly file: string) {
    super();
    this.read();
  }

  get keys(): readonly EncryptionKey[] {
    this.read();
    return this.held;
  }

  byId(id: string): EncryptionKey | undefined {
    return this.held.find((key) => key.id === id) ?? this.keys.find((key) => key.id === id);
  }

  /** Replaces the keys in one step: a reader sees the old ones or the new ones. */
  write(hex: readonly string[]): void {
    const next = `${this.file}.new`;
    writeFileSync(next, `${hex.join('\n')}\n`, { mode: 0o600, flush: true });
    renameSync(next, this.file);
    flushFolder(dirname(this.file));
  }

  private read(): void {
    const { ino, mtimeMs, size } = statSync(this.file);
    const version = `${ino} ${mtimeMs} ${size}`;
    if (version === this.seen) return;
    const lines = readFileSync(this.file, 'utf8')
      .split(/\s+/)
      .filter((line) => line !== '');
    if (lines.length === 0 || !lines.every(isEncryptionKey))
      throw new StartError(
        `${this.file} does not hold keys of 64 hexadecimal digits; restore it from a backup, stored secrets cannot be read without it`,
      );
    this.held = lines.map(keyOf);
    this.seen = version;
  }
}
