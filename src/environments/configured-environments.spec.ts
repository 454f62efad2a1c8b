import type { Installation } from '../platform/config/installation.js';
import { ApimConfig, EnvironmentConfig, VirtualHostConfig } from '../platform/config/sections/apim.config.js';
import type { ServerConfig } from '../platform/config/sections/server.config.js';
import { ConfiguredEnvironments } from './configured-environments.js';

const server = { hostname: 'own.example', offset: 10 } as ServerConfig; // the two that are read
const installation = { gatewayHttpPort: 8290, gatewayHttpsPort: 8253 } as Installation; // likewise

const vhostsOf = (changes: Partial<EnvironmentConfig>) => {
  const environment = [Object.assign(new EnvironmentConfig(), changes)];
  return new ConfiguredEnvironments(Object.assign(new ApimConfig(), { gateway: { environment } }), server, installation).all[0]?.vhosts;
};
const virtualHost = (changes: Partial<VirtualHostConfig>) => Object.assign(new VirtualHostConfig(), changes);

const own = { host: 'own.example', httpPort: 8290, httpsPort: 8253, wsHost: 'own.example', wsPort: 9109, wssPort: 8109, httpContext: '' };

it.each([
  ['nothing', {}, [own]],
  ['a virtual host that says nothing', { virtualHost: [virtualHost({})] }, [own]],
  [
    'an address of the environment',
    { httpsEndpoint: 'https://api.example.com/gw' },
    [{ host: 'api.example.com', httpsPort: 443, httpPort: 8290, httpContext: '/gw' }],
  ],
  [
    'two virtual hosts',
    {
      httpsEndpoint: 'https://ignored.example.com',
      virtualHost: [
        virtualHost({ httpEndpoint: 'http://a.example.com', httpsEndpoint: 'https://a.example.com:9443' }),
        virtualHost({
          httpsEndpoint: 'https://b.example.com',
          wsEndpoint: 'ws://ws.example.com:9000',
          wssEndpoint: 'wss://wss.example.com',
        }),
      ],
    },
    [
      { host: 'a.example.com', httpPort: 80, httpsPort: 9443, wsHost: 'a.example.com', wsPort: 9109 },
      { host: 'b.example.com', httpPort: 8290, wsHost: 'ws.example.com', wsPort: 9000, wssHost: 'wss.example.com', wssPort: 443 },
    ],
  ],
])('an environment with %s has these virtual hosts', (_case, changes, expected) => {
  expect(vhostsOf(changes)).toMatchObject(expected);
});
