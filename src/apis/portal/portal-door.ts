import type { Api } from '../../domain/api.js';
import type { Tx } from '../../platform/database/transactions.js';

type Opened = Pick<Api, 'id' | 'organization'>;

/** How a viewer of the developer portal comes to what people rate and comment on. Both ways throw when the viewer may not open it. */
export interface PortalDoor {
  read(): Promise<Opened>;
  /** As `read`, and kept from being changed or deleted until the transaction ends. */
  hold(tx: Tx): Promise<Opened>;
}
