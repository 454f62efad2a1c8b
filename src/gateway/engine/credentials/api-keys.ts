import { hash, type KeyObject } from 'node:crypto';
import type { LinkedApi } from '../link.js';
import type { ApiKeyUse } from '../messages.js';
import type { Snapshot } from '../snapshot.js';
import type { ApiKey } from './api-key.js';
import { verifySignedApiKey } from './signed-api-key.js';
import { Remembered } from './tokens.js';

/** A key's uses are reported once in this time, and its last one always. */
const REPORT_EVERY_MS = 60_000;
/** Longer than any key: nothing beyond is looked at. */
const LENGTH_MAX = 16_384;

/** A value that was found to be a key. */
interface Presented {
  readonly presented: string;
  readonly key: ApiKey;
}

/** Finds API keys by what callers present, and notes that they are used. A value costs one hash, or one signature, the first time it is seen. */
export class ApiKeys {
  private readonly known: Remembered<Presented>;
  private noted: ApiKey[] = [];

  constructor(
    private readonly snapshot: Snapshot,
    private readonly signers: ReadonlyMap<unknown, KeyObject>,
    max: number,
  ) {
    this.known = new Remembered(max);
  }

  /**
   * The key of this value that counts at the API: one of its tenant's, or of an application of another that has subscribed to it; undefined for one that is
   * unknown, revoked or has ended.
   */
  find(api: Pick<LinkedApi, 'organization' | 'document'>, presented: string, now: number): ApiKey | undefined {
    const remembered = this.known.get(presented)?.key;
    const key = remembered?.isCurrent && this.counts(remembered, api) ? remembered : this.lookUp(api, presented);
    if (key === undefined || key.facts.expiresAt <= now || this.snapshot.isRevokedKey(key)) return undefined;
    return key;
  }

  /** The key was accepted. */
  use(key: ApiKey, now: number): void {
    key.usedAt = now;
    if (key.isNoted || key.facts.keyId === null) return;
    key.isNoted = true;
    this.noted.push(key);
  }

  /** The uses that are to be reported now; `all` of them before the end. */
  takeUses(now: number, all: boolean): readonly ApiKeyUse[] {
    if (this.noted.length === 0) return [];
    const uses: ApiKeyUse[] = [];
    const later: ApiKey[] = [];
    for (const key of this.noted) {
      if (!all && now - key.reportedAt < REPORT_EVERY_MS) {
        later.push(key);
        continue;
      }
      key.isNoted = false;
      key.reportedAt = now;
      if (key.facts.keyId !== null) uses.push({ keyId: key.facts.keyId, usedAt: key.usedAt });
    }
    this.noted = later;
    return uses;
  }

  private lookUp(api: Pick<LinkedApi, 'organization' | 'document'>, presented: string): ApiKey | undefined {
    if (presented.length > LENGTH_MAX) return undefined;
    const { organization } = api;
    const key = presented.includes('.') ? verifySignedApiKey(presented, this.signers, organization) : this.opaque(organization, presented);
    if (key === undefined || !this.counts(key, api)) return undefined;
    this.known.put({ presented, key });
    return key;
  }

  private opaque(organization: string, presented: string): ApiKey | undefined {
    const digest = hash('sha256', presented, 'base64url');
    return this.snapshot.apiKey(organization, digest) ?? this.snapshot.applicationKey(digest);
  }

  /** Whether the key means anything to the API; that of an application elsewhere does once the application has subscribed. */
  private counts(
    { organization, facts: { jti, apiId, applicationId } }: ApiKey,
    api: Pick<LinkedApi, 'organization' | 'document'>,
  ): boolean {
    if (organization === api.organization) return true;
    if (jti !== null || apiId !== null || applicationId === null) return false;
    return this.snapshot.subscription(api.document.apiId, applicationId) !== undefined;
  }
}
