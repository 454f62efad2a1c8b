import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { DEFAULT_SCOPE_ROLES, isIdentityScope, SCOPES_ADDED_WHEN_ABSENT } from '../default-scopes.js';
import type { TenantConfig } from './tenant-config.js';
import { TENANT_CONFIG_SCHEMA } from './tenant-config-schema.js';

/** A tenant's document as the wire has it, scopes included. */
export interface WholeTenantConfig extends TenantConfig {
  readonly RESTAPIScopes: { readonly Scope: readonly { readonly Name: string; readonly Roles: string }[] };
}

let compiled: ValidateFunction<WholeTenantConfig> | undefined;
/** Compiled when the first document comes: it takes a twentieth of the server's start. */
const schemaCheck = () => {
  compiled ??= new Ajv({ strict: false }).compile<WholeTenantConfig>(TENANT_CONFIG_SCHEMA);
  return compiled;
};

/** The scopes every document has to map; those that came later are added where they are missing. */
const NEEDED_SCOPES = [...DEFAULT_SCOPE_ROLES.keys()].filter((scope) => !SCOPES_ADDED_WHEN_ABSENT.has(scope));

export type Checked = { readonly config: WholeTenantConfig } | { readonly fault: string };

/** Says as well which values or keys there are, where the schema names them. */
const reasonOf = ({ message = 'is not allowed', params }: ErrorObject): string => {
  const { allowedValues, additionalProperty } = params;
  if (Array.isArray(allowedValues)) return `${message}: ${allowedValues.join(', ')}`;
  return typeof additionalProperty === 'string' ? `${message}: ${additionalProperty}` : message;
};

/** The document, or the first thing that is wrong with it. */
export const checked = (document: unknown): Checked => {
  const fits = schemaCheck();
  if (!fits(document)) {
    const [error] = fits.errors ?? [];
    return { fault: `#${error?.instancePath ?? ''}: ${error ? reasonOf(error) : 'not a tenant configuration'}` };
  }
  const fault =
    missingScope(document) ??
    foreignScope(document) ??
    brokenLifecycle(document) ??
    brokenStores(document) ??
    brokenAttributes(document) ??
    brokenUrls(document) ??
    brokenWorkflows(document);
  return fault === undefined ? { config: document } : { fault };
};

const missingScope = ({ RESTAPIScopes: { Scope } }: WholeTenantConfig): string | undefined => {
  const named = new Set(Scope.map(({ Name }) => Name));
  const missing = NEEDED_SCOPES.find((scope) => !named.has(scope));
  return missing && `#/RESTAPIScopes/Scope: the scope ${missing} is missing`;
};

const foreignScope = ({ RESTAPIScopes: { Scope } }: WholeTenantConfig): string | undefined => {
  const foreign = Scope.find(({ Name }) => isIdentityScope(Name));
  return foreign && `#/RESTAPIScopes/Scope: the scope ${foreign.Name} stays with the role admin`;
};

/** New APIs start in `Created`, and a transition has to lead somewhere. */
const brokenLifecycle = ({ LifeCycle }: TenantConfig): string | undefined => {
  if (LifeCycle === undefined) return undefined;
  const states = LifeCycle.States.map(({ State }) => State.toUpperCase());
  const targets = LifeCycle.States.flatMap(({ Transitions = [] }) => Transitions.map(({ Target }) => Target));
  const lost = targets.find((target) => !states.includes(target.toUpperCase()));
  const doubled = states.find((state, at) => states.indexOf(state) !== at);
  if (!states.includes('CREATED')) return '#/LifeCycle/States: the state Created is missing';
  if (doubled !== undefined) return `#/LifeCycle/States: the state ${doubled} is there twice`;
  return lost === undefined ? undefined : `#/LifeCycle/States: there is no state ${lost} to lead to`;
};

const brokenStores = ({ ExternalStores = [] }: TenantConfig): string | undefined => {
  const ids = ExternalStores.map(({ id }) => id);
  const doubled = ids.find((id, at) => ids.indexOf(id) !== at);
  if (doubled !== undefined) return `#/ExternalStores: the id ${doubled} is there twice`;
  const lost = ExternalStores.find(({ endpoint }) => !URL.canParse(endpoint));
  return lost && `#/ExternalStores: ${lost.endpoint} is no address`;
};

const brokenAttributes = ({ ApplicationConfigs }: TenantConfig): string | undefined => {
  const names = ApplicationConfigs?.Attributes?.map(({ Attribute }) => Attribute) ?? [];
  const doubled = names.find((name, at) => names.indexOf(name) !== at);
  return doubled === undefined ? undefined : `#/ApplicationConfigs/Attributes: the attribute ${doubled} is there twice`;
};

const brokenUrls = ({ CustomUrls: { DevPortal } = {} }: TenantConfig): string | undefined =>
  DevPortal === undefined || URL.canParse(DevPortal) ? undefined : `#/CustomUrls/DevPortal: ${DevPortal} is no address`;

/** Addresses are shown and logged: a password in one would be too. */
const brokenWorkflows = ({ Workflows = {} }: TenantConfig): string | undefined => {
  const broken = Object.entries(Workflows).find(([, { url }]) => url !== undefined && !isPlainAddress(url));
  return broken && `#/Workflows/${broken[0]}/url: neither an address without a host nor one with a user is called`;
};

const isPlainAddress = (address: string): boolean => {
  const url = URL.parse(address);
  return url !== null && url.hostname !== '' && url.username === '' && url.password === '';
};
