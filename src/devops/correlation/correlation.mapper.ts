import type { CorrelationComponentDto, CorrelationComponentsListDto } from './correlation.dto.js';
import { type ComponentState, DENIED_THREADS, USUAL_DENIED_THREADS } from './correlation-component.js';

export const toCorrelationList = (components: readonly ComponentState[]): CorrelationComponentsListDto => ({
  components: components.map(toComponent),
});

const toComponent = ({ name, enabled, deniedThreads }: ComponentState): CorrelationComponentDto => ({
  name,
  enabled: String(enabled),
  properties: name === 'jdbc' ? [{ name: DENIED_THREADS, value: [...(deniedThreads ?? USUAL_DENIED_THREADS)] }] : [],
});
