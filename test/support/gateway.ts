import { type Answer, Client, NOBODY, type RequestOptions } from './client.js';
import { server } from './server.js';

export interface GatewayOptions extends RequestOptions {
  /** Sent as a bearer token. */
  readonly token?: string;
  /** GET unless given. */
  readonly method?: string;
  /** Over the TLS port. */
  readonly tls?: boolean;
}

const plain = new Client('', () => NOBODY, server.gateway);
const secure = new Client('', () => NOBODY, server.gatewayTls);

/** Calls an API through the gateway: `await gateway('/pets/1.0.0/list', { token })`. */
export const gateway = <T = Readonly<Record<string, unknown>>>(path: string, options: GatewayOptions = {}): Promise<Answer<T>> => {
  const { token, method = 'GET', tls = false, ...request } = options;
  return (tls ? secure : plain).request<T>(`${method} ${path}`, { ...request, as: token === undefined ? NOBODY : { bearer: token } });
};
