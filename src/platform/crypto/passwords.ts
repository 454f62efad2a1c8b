import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { Injectable } from '@nestjs/common';

const hash = promisify(argon2);

/** OWASP's argon2id profile with 19 MiB and two passes. */
const MEMORY_KIB = 19_456;
const PASSES = 2;
const TAG_BYTES = 32;
const SALT_BYTES = 16;
/** All threads share libuv's four helpers; the rest of the hashes wait. */
const RUNNING_MAX = 2;

interface Parameters {
  readonly memory: number;
  readonly passes: number;
  readonly salt: Buffer;
}

/** Password hashes: argon2id, in the usual text form `$argon2id$v=19$m=…,t=…,p=1$salt$hash`. At most two are computed at a time. */
@Injectable()
export class Passwords {
  private running = 0;
  private readonly waiting: (() => void)[] = [];
  private decoy: Promise<string> | undefined;

  async hash(password: string): Promise<string> {
    const salt = randomBytes(SALT_BYTES);
    const tag = await this.tag(password, { memory: MEMORY_KIB, passes: PASSES, salt });
    return `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=1$${salt.toString('base64url')}$${tag.toString('base64url')}`;
  }

  /** Takes the same time for a user that does not exist (`stored` undefined), so that names cannot be found out. */
  async matches(password: string, stored: string | undefined): Promise<boolean> {
    this.decoy ??= this.hash(randomBytes(SALT_BYTES).toString('hex'));
    const [, , , options = '', salt = '', expected = ''] = (stored ?? (await this.decoy)).split('$');
    const { m = '', t = '' } = Object.fromEntries(options.split(',').map((pair) => pair.split('=')));
    const tag = await this.tag(password, { memory: Number(m), passes: Number(t), salt: Buffer.from(salt, 'base64url') });
    const equal = timingSafeEqual(tag, Buffer.from(expected, 'base64url'));
    return equal && stored !== undefined;
  }

  private async tag(password: string, { memory, passes, salt }: Parameters): Promise<Buffer> {
    if (this.running >= RUNNING_MAX) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.running++;
    try {
      return await hash('argon2id', { message: password, nonce: salt, parallelism: 1, tagLength: TAG_BYTES, memory, passes });
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.running--;
    }
  }
}
