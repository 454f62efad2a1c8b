import { createHash, timingSafeEqual } from 'node:crypto';
import { Controller, Get, Headers } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { GatewayConfig } from '../config/sections/gateway.config.js';
import { Reply } from '../http/reply.js';
import { Guarded } from '../http/scopes.js';
import { MetricSources } from './metric-sources.js';
import { METRICS_TYPE } from './prometheus-text.js';

const TEXT = { 'Content-Type': 'text/plain; charset=utf-8' };

/** What Prometheus reads, once `gateway.metrics.enable` is on. */
@ApiExcludeController()
@Guarded('none')
@Controller()
export class MetricsController {
  constructor(
    private readonly sources: MetricSources,
    private readonly config: GatewayConfig,
  ) {}

  @Get('metrics')
  metrics(@Headers('authorization') authorization?: string): Reply {
    const { enable, token } = this.config.metrics;
    if (!enable) return new Reply(404, 'Metrics are switched off; gateway.metrics.enable switches them on.\n', TEXT);
    if (token !== '' && !isSame(authorization ?? '', `Bearer ${token}`))
      return new Reply(401, 'The token of gateway.metrics.token is needed.\n', { ...TEXT, 'WWW-Authenticate': 'Bearer' });
    return new Reply(200, this.sources.text(), { 'Content-Type': METRICS_TYPE });
  }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Compares without telling by the time how much of it was right. */
const isSame = (presented: string, expected: string): boolean => timingSafeEqual(digest(presented), digest(expected));
