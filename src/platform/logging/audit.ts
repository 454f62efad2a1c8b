import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type Logger, pino } from 'pino';
import type { AuditedChange } from '../../domain/events.js';
import { Installation } from '../config/installation.js';
import { LogConfig } from '../config/sections/log.config.js';
import { Events } from '../events/events.js';
import { actorOf, originNow } from '../origin/origin.js';
import { maskedFields } from './mask.js';

export interface AuditEntry extends AuditedChange {
  /** Who did it, where that is not the caller of the request at hand. */
  readonly performedBy?: string;
  readonly outcome?: 'success' | 'failure';
}

const NAME = 'AUDIT_LOG';
const SERVER = 'system';

/**
 * The audit log: one JSON line for each security-relevant act, with who did what to whom, when, from which address and how it ended
 * (`reference/operations.md` §8: `type`, `action`, `performedBy`, `info`). It has no level to turn it down, and never holds a secret.
 */
@Injectable()
export class Audit implements OnModuleInit {
  private readonly logger: Logger | undefined;

  constructor(
    { audit }: LogConfig,
    installation: Installation,
    private readonly events: Events,
  ) {
    if (!audit.enable) return;
    this.logger = pino(
      { base: { logger: NAME }, timestamp: pino.stdTimeFunctions.isoTime },
      pino.destination({ dest: audit.file === '' ? 2 : openable(resolve(installation.dataDir, audit.file)), sync: true, append: true }),
    );
  }

  onModuleInit(): void {
    this.events.on('audited', (change) => this.record(change));
  }

  record({ organization, type, action, info, outcome = 'success', performedBy }: AuditEntry): void {
    if (!this.logger) return;
    const origin = originNow();
    const by = performedBy ?? ((origin && actorOf(origin)) || SERVER);
    const line = { tenant: organization, type, action, outcome, performedBy: by, from: origin?.address ?? '', info };
    this.logger.info(maskedFields(line));
  }
}

const openable = (file: string): string => {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  return file;
};
