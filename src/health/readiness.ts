import { Injectable } from '@nestjs/common';

/** What the probes ask: set by the start, the stop, and the gateway where there is one. */
@Injectable()
export class Readiness {
  isStarted = false;
  private gateway: (() => boolean) | undefined;
  private suspended: () => boolean = () => false;

  watchGateway(isReady: () => boolean, hasSuspendedEndpoints: () => boolean): void {
    this.gateway = isReady;
    this.suspended = hasSuspendedEndpoints;
  }

  /** Whether the gateway leaves backends alone for a while because they fail. */
  get hasSuspendedEndpoints(): boolean {
    return this.suspended();
  }

  /** Undefined where there is none. */
  get isGatewayReady(): boolean | undefined {
    return this.gateway?.();
  }
}
