import type { EndpointHealth } from '../backend/endpoint-health.js';
import type { SuspendedEndpoint } from '../messages.js';

/** The endpoints that rest at one worker. */
export class Suspensions {
  private readonly resting = new Map<EndpointHealth, SuspendedEndpoint>();
  private told = '';

  readonly rested = (endpoint: SuspendedEndpoint, health: EndpointHealth): void => {
    this.resting.set(health, endpoint);
  };

  /** Those that rest now (monotonic milliseconds), each once; undefined when that is what was told before. */
  take(now: number): readonly SuspendedEndpoint[] | undefined {
    if (this.resting.size === 0 && this.told === '') return undefined;
    const byName = new Map<string, SuspendedEndpoint>();
    for (const [health, endpoint] of this.resting) {
      if (health.isUsable(now)) this.resting.delete(health);
      else byName.set(`${endpoint.organization} ${endpoint.endpoint}`, endpoint);
    }
    const names = [...byName.keys()].sort().join('\n');
    if (names === this.told) return undefined;
    this.told = names;
    return [...byName.values()];
  }
}
