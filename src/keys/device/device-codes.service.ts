import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { OAuthClient } from '../clients/oauth-client.js';
import { newUserCode } from './user-code.js';

const CODE_BYTES = 32;
/** How long the user has to come to the page. */
export const DEVICE_CODE_SECONDS = 600;
/** How long a device waits from one question to the next; whoever asks sooner waits longer from then on (RFC 8628 §3.5). */
export const INTERVAL_SECONDS = 5;
const SLOWER_BY_SECONDS = 5;
const INTERVAL_SECONDS_MAX = 60;
/** Clocks and networks are not exact. */
const LEEWAY_SECONDS = 1;
/** How long a device is told that its code has expired, rather than that there is none. */
const REMEMBERED_SECONDS = 600;
const PURGED_AT_ONCE = 100;
/** Not a plain comparison, so that the index on the end is for the purge alone: where nearly all codes have expired it would seem the best for anything. */
const IS_LIVE = '(expires_at > now()) IS TRUE';

export interface DeviceCode {
  readonly deviceCode: string;
  readonly userCode: string;
}

/** A device that waits for its user. */
export interface WaitingDevice {
  readonly userCode: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
}

/** What a device that asks is told. */
export type DeviceState = 'unknown' | 'expired' | 'denied' | 'pending' | 'too fast' | 'allowed';

/** What the user decided. */
export interface AllowedDevice {
  readonly userId: string;
  readonly scopes: readonly string[];
  /** Epoch seconds of when the user gave the password. */
  readonly signedInAt: number;
  /** How the user signed in: `amr`. */
  readonly methods: readonly string[];
}

interface AllowedRow {
  readonly user_id: string;
  readonly scopes: readonly string[];
  readonly signed_in_at: string;
  readonly methods: readonly string[];
}

const hashOf = (deviceCode: string): string => createHash('sha256').update(deviceCode).digest('hex');

/** Devices without a browser that wait for a user to allow them in elsewhere. */
@Injectable()
export class DeviceCodes {
  constructor(private readonly database: DataSource) {}

  async create({ organization, clientId }: OAuthClient, scopes: readonly string[]): Promise<DeviceCode> {
    await this.purge();
    for (;;) {
      const [deviceCode, userCode] = [randomBytes(CODE_BYTES).toString('base64url'), newUserCode()];
      const rows: readonly unknown[] = await this.database.query(
        `INSERT INTO oauth_device_codes (hash, organization, client_id, user_code, scopes, interval_seconds, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, now() + make_interval(secs => $7))
         ON CONFLICT ON CONSTRAINT oauth_device_codes_user_code DO NOTHING RETURNING hash`,
        [hashOf(deviceCode), organization, clientId, userCode, [...scopes], INTERVAL_SECONDS, DEVICE_CODE_SECONDS],
      );
      if (rows.length > 0) return { deviceCode, userCode };
    }
  }

  /** The device with this user code, while nobody has decided about it. */
  async waiting(organization: string, userCode: string): Promise<WaitingDevice | undefined> {
    const [row]: readonly { readonly client_id: string; readonly scopes: readonly string[] }[] = await this.database.query(
      `SELECT client_id, scopes FROM oauth_device_codes
       WHERE organization = $1 AND user_code = $2 AND state = 'PENDING' AND ${IS_LIVE}`,
      [organization, userCode],
    );
    return row && { userCode, clientId: row.client_id, scopes: row.scopes };
  }

  /** Lets the device in, with no more than these scopes; false when its time is over or somebody decided before. */
  allow(organization: string, userCode: string, { userId, scopes, signedInAt, methods }: AllowedDevice): Promise<boolean> {
    return this.decide(`state = 'ALLOWED', user_id = $3, scopes = $4, signed_in_at = $5, methods = $6`, [
      organization,
      userCode,
      userId,
      [...scopes],
      signedInAt,
      [...methods],
    ]);
  }

  deny(organization: string, userCode: string): Promise<boolean> {
    return this.decide(`state = 'DENIED'`, [organization, userCode]);
  }

  /** How it stands with the client's device; notes that it asked. */
  async poll(clientId: string, deviceCode: string): Promise<DeviceState> {
    const [[row]]: [readonly { readonly state: string; readonly expired: boolean; readonly fast: boolean }[], number] =
      await this.database.query(
        `WITH before AS (
         SELECT hash, state, expires_at <= now() AS expired,
                coalesce(polled_at > now() - make_interval(secs => interval_seconds - $3), false) AS fast
         FROM oauth_device_codes WHERE hash = $1 AND client_id = $2 FOR UPDATE)
       UPDATE oauth_device_codes d SET polled_at = now(),
         interval_seconds = CASE WHEN fast THEN least(d.interval_seconds + $4, $5) ELSE d.interval_seconds END
       FROM before WHERE d.hash = before.hash RETURNING before.state, expired, fast`,
        [hashOf(deviceCode), clientId, LEEWAY_SECONDS, SLOWER_BY_SECONDS, INTERVAL_SECONDS_MAX],
      );
    if (!row) return 'unknown';
    if (row.expired) return 'expired';
    if (row.state === 'DENIED') return 'denied';
    if (row.state === 'ALLOWED') return 'allowed';
    return row.fast ? 'too fast' : 'pending';
  }

  /** What the user decided about the client's device, once: of two requests at the same moment one gets it. */
  async take(clientId: string, deviceCode: string): Promise<AllowedDevice | undefined> {
    const [[row]]: [readonly AllowedRow[], number] = await this.database.query(
      `DELETE FROM oauth_device_codes WHERE hash = $1 AND client_id = $2 AND state = 'ALLOWED' AND ${IS_LIVE}
         RETURNING user_id, scopes, signed_in_at, methods`,
      [hashOf(deviceCode), clientId],
    );
    return row && { userId: row.user_id, scopes: row.scopes, signedInAt: Number(row.signed_in_at), methods: row.methods };
  }

  private async decide(change: string, parameters: readonly unknown[]): Promise<boolean> {
    const [rows]: [readonly unknown[], number] = await this.database.query(
      `UPDATE oauth_device_codes SET ${change}
       WHERE organization = $1 AND user_code = $2 AND state = 'PENDING' AND ${IS_LIVE} RETURNING hash`,
      [...parameters],
    );
    return rows.length > 0;
  }

  private async purge(): Promise<void> {
    await this.database.query(
      `DELETE FROM oauth_device_codes WHERE hash IN
         (SELECT hash FROM oauth_device_codes WHERE expires_at < now() - make_interval(secs => $1) ORDER BY expires_at LIMIT $2
          FOR UPDATE SKIP LOCKED)`,
      [REMEMBERED_SECONDS, PURGED_AT_ONCE],
    );
  }
}
