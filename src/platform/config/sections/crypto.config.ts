import { IsIn, IsInt, Min } from 'class-validator';
import { Setting } from '../setting.js';

const PROVIDERS = ['default', 'FIPS'] as const;
const HASHES = ['argon2id', 'pbkdf2'] as const;
/** NIST SP 800-132 asks for a thousand; OWASP for this many with SHA-512. */
const ITERATIONS = 210_000;

/** `[crypto]`. */
export class CryptoConfig {
  @Setting('`FIPS`: the server starts only with OpenSSL’s FIPS provider, and uses approved algorithms alone; see docs/secrets.md.')
  @IsIn(PROVIDERS)
  readonly provider: (typeof PROVIDERS)[number] = 'default';

  @Setting(
    'How new password hashes are made: `argon2id`, or `pbkdf2` with HMAC-SHA-512, which is what FIPS uses in any case. A login replaces a hash of the other kind.',
  )
  @IsIn(HASHES)
  readonly passwordHash: (typeof HASHES)[number] = 'argon2id';

  @Setting('Iterations of new `pbkdf2` hashes.')
  @IsInt()
  @Min(100_000)
  readonly pbkdf2Iterations: number = ITERATIONS;
}
