import type { Dispatcher } from 'undici';

/** Connections to one backend, on its own or by way of a proxy. */
export interface Connections {
  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean;
  request(options: Dispatcher.RequestOptions): Promise<Dispatcher.ResponseData>;
  /** Running requests end first. */
  close(): Promise<void>;
  destroy(): Promise<void>;
}
