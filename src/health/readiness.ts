import { Injectable } from '@nestjs/common';

/** What the probes ask: set by the start, the stop, and the gateway where there is one. */
@Injectable()
export class Readiness {
  isStarted = false;
  private gateway: (() => boolean) | undefined;

  watchGateway(isReady: () => boolean): void {
    this.gateway = isReady;
  }

  /** Undefined where there is none. */
  get isGatewayReady(): boolean | undefined {
    return this.gateway?.();
  }
}
