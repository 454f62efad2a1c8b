import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { Injectable } from '@nestjs/common';
import { networkOf } from '../origin/network.js';
import { originNow } from '../origin/origin.js';
import { FairQueue } from '../turns/fair-queue.js';

const hash = promisify(argon2);

/** OWASP's argon2id profile with 19 MiB and two passes. */
const MEMORY_KIB = 19_456;
const PASSES = 2;
const TAG_BYTES = 32;
const SALT_BYTES = 16;
/** All threads share libuv's four helpers; the rest of the hashes wait, one client's no more than it takes a few seconds to compute. */
const LIMITS = { running: 2, waiting: 2_048, waitingOfOne: 128, retryAfterSeconds: 2 };

interface Parameters {
  readonly memory: number;
  readonly passes: number;
  readonly salt: Buffer;
}

/** Password hashes: argon2id, in the usual text form `$argon2id$v=19$m=…,t=…,p=1$salt$hash`. At most two are computed at a time; clients take turns. */
@Injectable()
export class Passwords {
  private readonly queue = new FairQueue(LIMITS);
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

  private tag(password: string, { memory, passes, salt }: Parameters): Promise<Buffer> {
    const parameters = { message: password, nonce: salt, parallelism: 1, tagLength: TAG_BYTES, memory, passes };
    return this.queue.run(networkOf(originNow()?.address ?? ''), () => hash('argon2id', parameters));
  }
}
