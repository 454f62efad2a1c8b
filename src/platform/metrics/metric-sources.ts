import { Injectable } from '@nestjs/common';

/** Whoever has figures for `/metrics`, in the Prometheus text format. */
@Injectable()
export class MetricSources {
  private readonly sources: (() => string)[] = [];

  add(source: () => string): void {
    this.sources.push(source);
  }

  text(): string {
    return this.sources.map((source) => source()).join('');
  }
}
