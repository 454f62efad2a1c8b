import { Global, Module } from '@nestjs/common';
import { MetricSources } from '../metrics/metric-sources.js';
import { Traces } from './traces.js';

@Global()
@Module({ providers: [Traces], exports: [Traces] })
export class TracingModule {
  constructor(sources: MetricSources, traces: Traces) {
    sources.add(() => traces.render());
  }
}
