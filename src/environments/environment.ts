import type { KeyType } from '../domain/gateway-documents.js';
import { EVERYONE_ROLE, hasAnyRole, type User } from '../domain/user.js';

/** The gateway type that is ours, in the contract's word. */
export const OWN_GATEWAY_TYPE = 'Regular';
/** The type of the environments that platform gateways are. */
export const PLATFORM_GATEWAY_TYPE = 'APIPlatform';

export interface VHost {
  readonly host: string;
  readonly httpContext: string;
  /** Ports an administrator left out stay unset. */
  readonly httpPort?: number;
  readonly httpsPort?: number;
  readonly wsPort?: number;
  readonly wsHost: string;
  readonly wssPort?: number;
  readonly wssHost: string;
}

/** Who sees the environment and may deploy to it. */
export interface EnvironmentPermissions {
  readonly permissionType: 'PUBLIC' | 'ALLOW' | 'DENY';
  readonly roles: readonly string[];
}

export type EnvironmentMode = 'READ_ONLY' | 'READ_WRITE' | 'WRITE_ONLY';

/** What an administrator decides about an environment. */
export interface EnvironmentContent {
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly provider: string;
  /** `hybrid`, `production` or `sandbox`: which keys it serves. */
  readonly type: string;
  readonly gatewayType: string;
  readonly mode: EnvironmentMode;
  readonly discoveryMinutes: number;
  readonly vhosts: readonly VHost[];
  readonly endpointUris: readonly { readonly protocol: string; readonly endpointURI: string }[];
  readonly additionalProperties: readonly { readonly key: string; readonly value: string }[];
  readonly permissions: EnvironmentPermissions;
}

/** A place APIs are deployed to. Those of the configuration file belong to every tenant and cannot be changed. */
export interface Environment extends EnvironmentContent {
  /** A UUID, or the name of an environment of the configuration file. */
  readonly id: string;
  readonly isReadOnly: boolean;
}

export const mayDeployTo = (environment: Pick<Environment, 'permissions'>, caller: Pick<User, 'roles'>): boolean => {
  const { permissionType, roles } = environment.permissions;
  if (permissionType === 'PUBLIC') return true;
  const named = hasAnyRole({ roles: [...caller.roles, EVERYONE_ROLE] }, roles);
  return permissionType === 'ALLOW' ? named : !named;
};

/** The one kind of keys that an environment serves; undefined for one that serves both. */
export const servedKeyType = ({ type }: Pick<Environment, 'type'>): KeyType | undefined => {
  const served = type.toUpperCase();
  return served === 'PRODUCTION' || served === 'SANDBOX' ? served : undefined;
};
