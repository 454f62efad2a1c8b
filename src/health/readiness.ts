import { Injectable } from '@nestjs/common';

/** What the probes ask of the gateway. */
export interface GatewayHealth {
  /** Whether every worker listens. */
  readonly isReady: boolean;
  /** Whether every worker listens and was told everything that the control plane had to tell when it started, or what was known last. */
  readonly isLoaded: boolean;
  /** Whether it leaves backends alone for a while because they fail. */
  readonly hasSuspendedEndpoints: boolean;
  /** Whether the counters it shares with other gateways cannot be reached; undefined where it shares none. */
  readonly areCountersAway: boolean | undefined;
}

/** What the probes ask: set by the start, the stop, and the gateway where there is one. */
@Injectable()
export class Readiness {
  isStarted = false;
  /** Undefined where there is none. */
  gateway: GatewayHealth | undefined;
}
