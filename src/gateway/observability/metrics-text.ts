import { metric } from '../../platform/metrics/prometheus-text.js';
import type { SharedCountersState } from '../leases/shared-counters.js';
import type { GatewayObservability } from './gateway-observability.js';

/** How the gateway as a whole stands. */
export interface GatewayState {
  readonly workers: number;
  readonly workersListening: number;
  readonly feedSequence: number;
  /** Since the feed was last read to its end, milliseconds; infinite before. */
  readonly feedAgeMs: number;
  readonly counterSlots: number;
  readonly counterSlotsUsed: number;
  /** Of the stores of shared counters. */
  readonly sharedCounters: readonly SharedCountersState[];
}

/** What `/metrics` says of the gateway. */
export const metricsText = (state: GatewayState, observability: GatewayObservability): string => {
  const { apis, suspended, droppedInWorkers } = observability;
  const one = (value: number): [[Record<string, never>, number]] => [[{}, value]];
  return [
    apis?.render() ?? '',
    metric('apim_gateway_workers', 'gauge', 'Worker threads of the gateway, by state.', [
      [{ state: 'listening' }, state.workersListening],
      [{ state: 'down' }, state.workers - state.workersListening],
    ]),
    metric('apim_feed_sequence', 'gauge', 'Number of the last document that the gateway has read.', one(state.feedSequence)),
    metric(
      'apim_feed_age_seconds',
      'gauge',
      'Time since the gateway has last seen the end of the feed: above some seconds, it goes on with what it knows.',
      one(Number.isFinite(state.feedAgeMs) ? state.feedAgeMs / 1_000 : -1),
    ),
    metric('apim_counter_table_slots', 'gauge', 'Throttle counters there is room for now.', one(state.counterSlots)),
    metric('apim_counter_table_slots_used', 'gauge', 'Throttle counters in use, estimated.', one(state.counterSlotsUsed)),
    ...sharedCounters(state),
    metric(
      'apim_endpoint_suspended',
      'gauge',
      'Workers at which the endpoint takes no requests for now.',
      suspended.list().map(({ organization, endpoint, workers }) => [{ organization, endpoint }, workers] as const),
    ),
    metric('apim_observations_dropped_total', 'counter', 'Access lines and traces a worker had no room for.', one(droppedInWorkers)),
  ].join('');
};

/** Nothing where no counters are shared. */
const sharedCounters = ({ sharedCounters: stores }: GatewayState): readonly string[] => {
  if (stores.length === 0) return [];
  const each = (value: (state: SharedCountersState) => number) => stores.map((state) => [{ store: state.store }, value(state)] as const);
  return [
    metric(
      'apim_shared_counters_up',
      'gauge',
      'Whether the store of shared counters answers: 0 while each gateway keeps to its share of the limits.',
      each(({ isAway }) => (isAway ? 0 : 1)),
    ),
    metric(
      'apim_shared_counters_gateways',
      'gauge',
      'Gateways that share the counters, as last known.',
      each(({ gateways }) => gateways),
    ),
    metric(
      'apim_shared_counters_leases_total',
      'counter',
      'Times that the store was asked for a part of a limit.',
      each(({ roundTrips }) => roundTrips),
    ),
  ];
};
