import { Config } from './config.js';
import { Installation } from './installation.js';

const urlWith = (proxyPort: number): string => {
  const config = new Config();
  Object.assign(config.server, { hostname: 'api.example.com', offset: 3 });
  Object.assign(config.transport.https.properties, { proxyPort });
  return new Installation(config, { name: 'all-in-one', modules: new Set() }, '').managementUrl;
};

it.each([
  ['its own port', 0, 'https://api.example.com:9446'],
  ['the port of the proxy, whatever the offset', 8443, 'https://api.example.com:8443'],
  ['no port where it is that of HTTPS', 443, 'https://api.example.com'],
])('is reached at %s', (_, proxyPort, url) => expect(urlWith(proxyPort)).toBe(url));
