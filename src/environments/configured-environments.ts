import { Injectable } from '@nestjs/common';
import { Installation } from '../platform/config/installation.js';
import { ApimConfig, type EnvironmentConfig, type VirtualHostConfig } from '../platform/config/sections/apim.config.js';
import { ServerConfig } from '../platform/config/sections/server.config.js';
import type { Environment, VHost } from './environment.js';

const WS_PORT = 9099;
const WSS_PORT = 8099;
/** How often, in minutes, a read-write environment would be searched for APIs; the contract's default. */
const DISCOVERY_MINUTES = 60;

/** The environments of the configuration file (`[[apim.gateway.environment]]`), the same in every tenant. */
@Injectable()
export class ConfiguredEnvironments {
  readonly all: readonly Environment[];

  constructor(
    config: ApimConfig,
    private readonly server: ServerConfig,
    private readonly installation: Installation,
  ) {
    this.all = config.gateway.environment.map((environment) => this.toEnvironment(environment));
  }

  private toEnvironment(config: EnvironmentConfig): Environment {
    return {
      id: config.name,
      name: config.name,
      displayName: config.name,
      description: config.description,
      provider: config.provider,
      type: config.type,
      gatewayType: config.gatewayType,
      mode: 'WRITE_ONLY',
      discoveryMinutes: DISCOVERY_MINUTES,
      vhosts: addressesOf(config).map((addresses) => this.vhostOf(addresses)),
      endpointUris: [],
      additionalProperties: [],
      permissions: { permissionType: 'PUBLIC', roles: [] },
      isReadOnly: true,
    };
  }

  /** The addresses of the file where it names any, else this server's own gateway ports. */
  private vhostOf({ httpEndpoint, httpsEndpoint, wsEndpoint = '', wssEndpoint = '' }: Addresses): VHost {
    const http = addressOf(httpEndpoint, 80);
    const https = addressOf(httpsEndpoint, 443);
    const ws = addressOf(wsEndpoint, 80);
    const wss = addressOf(wssEndpoint, 443);
    const host = https?.host ?? http?.host ?? this.server.hostname;
    return {
      host,
      httpContext: https?.context ?? http?.context ?? '',
      httpPort: http?.port ?? this.installation.gatewayHttpPort,
      httpsPort: https?.port ?? this.installation.gatewayHttpsPort,
      wsPort: ws?.port ?? WS_PORT + this.server.offset,
      wsHost: ws?.host ?? host,
      wssPort: wss?.port ?? WSS_PORT + this.server.offset,
      wssHost: wss?.host ?? host,
    };
  }
}

type Addresses = Pick<EnvironmentConfig, 'httpEndpoint' | 'httpsEndpoint'> & Partial<Pick<VirtualHostConfig, 'wsEndpoint' | 'wssEndpoint'>>;

/** The virtual hosts of the file, without those that say nothing; else the environment itself. */
const addressesOf = (config: EnvironmentConfig): readonly Addresses[] => {
  const named = config.virtualHost.filter((vhost) => Object.values(vhost).some((address) => address !== ''));
  return named.length === 0 ? [config] : named;
};

const addressOf = (endpoint: string, defaultPort: number) => {
  if (!URL.canParse(endpoint)) return undefined;
  const { hostname, port, pathname } = new URL(endpoint);
  return { host: hostname, port: port === '' ? defaultPort : Number(port), context: pathname.replace(/\/$/, '') };
};
