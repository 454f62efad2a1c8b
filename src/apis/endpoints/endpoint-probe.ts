import { STATUS_CODES } from 'node:http';
import { Injectable } from '@nestjs/common';
import { Outbound, OutboundError } from '../../platform/outbound/outbound.js';

export interface ProbeResult {
  /** 0 when there was no answer. */
  readonly statusCode: number;
  readonly statusMessage: string;
  /** Why there was no answer; empty when there was one. */
  readonly error: string;
}

/** Asks an endpoint whether it is there, with a HEAD request; nothing about an endpoint makes it fail (`reference/publisher.md` §3.3). */
@Injectable()
export class EndpointProbe {
  constructor(private readonly outbound: Outbound) {}

  async probe(address: string): Promise<ProbeResult> {
    try {
      const statusCode = await this.outbound.head(address);
      return { statusCode, statusMessage: STATUS_CODES[statusCode] ?? '', error: '' };
    } catch (err) {
      if (err instanceof OutboundError) return { statusCode: 0, statusMessage: '', error: err.message };
      throw err;
    }
  }
}
