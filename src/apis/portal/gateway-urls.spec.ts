import type { VHost } from '../../environments/environment.js';
import { gatewayUrls } from './gateway-urls.js';

const vhost: VHost = {
  host: 'gw.example.com',
  httpContext: '',
  httpPort: 80,
  httpsPort: 8243,
  wsPort: 9099,
  wsHost: 'ws.example.com',
  wssHost: 'ws.example.com',
};
const both = { type: 'HTTP', transports: ['http', 'https'] };

describe('gateway addresses', () => {
  it('leave out default ports', () => {
    expect(gatewayUrls(vhost, both, '/pets/1.0')).toEqual({
      http: 'http://gw.example.com/pets/1.0',
      https: 'https://gw.example.com:8243/pets/1.0',
      ws: null,
      wss: null,
    });
  });

  it('are null on a transport that is off', () => {
    expect(gatewayUrls(vhost, { type: 'HTTP', transports: ['https'] }, '/pets/1.0').http).toBeNull();
  });

  it.each(['gw', '/gw', '/gw/'])('carry the context %p of the virtual host', (httpContext) => {
    expect(gatewayUrls({ ...vhost, httpContext }, both, '/pets/1.0').http).toBe('http://gw.example.com/gw/pets/1.0');
  });

  it('of a WebSocket API are on the WebSocket ports', () => {
    expect(gatewayUrls(vhost, { type: 'WS', transports: ['http', 'https'] }, '/chat/1.0')).toEqual({
      http: null,
      https: null,
      ws: 'ws://ws.example.com:9099/chat/1.0',
      wss: 'wss://ws.example.com/chat/1.0',
    });
  });
});
