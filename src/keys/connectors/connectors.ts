import { Injectable } from '@nestjs/common';
import type { KeyManagerConnector } from './connector.js';

/** The types of outside key managers that this installation can speak to, by name. */
@Injectable()
export class Connectors {
  private readonly byType = new Map<string, KeyManagerConnector>();

  /** To be called while modules start. */
  register(connector: KeyManagerConnector): void {
    this.byType.set(connector.descriptor.type, connector);
  }

  of(type: string): KeyManagerConnector | undefined {
    return this.byType.get(type);
  }

  /** In the order of their registration. */
  all(): readonly KeyManagerConnector[] {
    return [...this.byType.values()];
  }
}
