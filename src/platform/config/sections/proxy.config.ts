import { IsIn, IsInt, IsString, Max, Min } from 'class-validator';
import { hostPatterns, type ProxiedHosts } from '../../../domain/proxied-hosts.js';
import { Setting } from '../setting.js';

const PROTOCOLS = ['http', 'https'] as const;

/** `[apim.proxy_config]`. */
export class ProxyConfig {
  @Setting('Reach backends, and what users have the server fetch, through a proxy.')
  readonly enable: boolean = false;

  @Setting('Host of the proxy.')
  @IsString()
  readonly host: string = '';

  @Setting('Port of the proxy.')
  @IsInt()
  @Min(1)
  @Max(65_535)
  readonly port: number = 3128;

  @Setting('How the proxy itself is reached: `http` or `https`.')
  @IsIn(PROTOCOLS)
  readonly protocol: (typeof PROTOCOLS)[number] = 'http';

  @Setting('Name for the proxy; empty: it asks for none.')
  @IsString()
  readonly username: string = '';

  @Setting('Password for the proxy.', { secret: true })
  @IsString()
  readonly password: string = '';

  @Setting('Hosts that are reached directly, parted by `|` or commas; `*` is any text.', { key: 'nonProxyHosts' })
  @IsString()
  readonly nonProxyHosts: string = '';

  @Setting('The only hosts that are reached through it, written alike; empty: all others.', { key: 'targetProxyHosts' })
  @IsString()
  readonly targetProxyHosts: string = '';
}

type ProxySettings = ProxiedHosts & Pick<ProxyConfig, 'host' | 'port' | 'protocol' | 'username' | 'password'>;

/** The proxy as plain values; null where there is none. */
export const proxySettings = (config: ProxyConfig): ProxySettings | null => {
  const { enable, host, port, protocol, username, password, nonProxyHosts, targetProxyHosts } = config;
  if (!enable || host === '') return null;
  return { host, port, protocol, username, password, except: hostPatterns(nonProxyHosts), only: hostPatterns(targetProxyHosts) };
};
