import { Global, Module } from '@nestjs/common';
import { MetricSources } from './metric-sources.js';
import { MetricsController } from './metrics.controller.js';
import { processMetrics } from './process-metrics.js';
import { RequestMetrics } from './request-metrics.js';

/** `/metrics` of every profile: the process, the requests of the management port, and what other modules add. */
@Global()
@Module({ controllers: [MetricsController], providers: [MetricSources, RequestMetrics], exports: [MetricSources, RequestMetrics] })
export class MetricsModule {
  constructor(sources: MetricSources, requests: RequestMetrics) {
    sources.add(processMetrics);
    sources.add(() => requests.render());
  }
}
