import { type Actor, expected } from './actor.js';
import type { Body } from './client.js';

export interface TenantConfig extends Body {
  readonly RESTAPIScopes: { readonly Scope: readonly { readonly Name: string; readonly Roles: string }[] };
}

/** The tenant's whole configuration. */
export const tenantConfig = async (by: Actor): Promise<TenantConfig> => expected(await by.admin<TenantConfig>('GET /tenant-config'), 200);

/** Changes some keys of the tenant's configuration. */
export const configure = async (by: Actor, keys: Body): Promise<TenantConfig> =>
  expected(await by.admin<TenantConfig>('PUT /tenant-config', { body: { ...(await tenantConfig(by)), ...keys } }), 200);

/** Lets the kinds of changes wait for an approval, by the elements of the tenant configuration, such as `SubscriptionCreation`. */
export const requireApproval = (by: Actor, ...elements: readonly string[]): Promise<TenantConfig> =>
  configure(by, { Workflows: Object.fromEntries(elements.map((element) => [element, { executor: 'approval' }])) });

/** Lets transitions of APIs, such as `Created:Publish`, wait for an approval. */
export const requireStateApproval = (by: Actor, stateList: string): Promise<TenantConfig> =>
  configure(by, { Workflows: { APIStateChange: { executor: 'approval', stateList } } });

export interface WorkflowInfo {
  readonly workflowType: string;
  readonly workflowStatus: string;
  readonly referenceId: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly description: string;
}

export interface WorkflowList {
  readonly count: number;
  readonly next: string;
  readonly previous: string;
  readonly list: readonly WorkflowInfo[];
}

/** What waits for a decision of an administrator. */
export const waiting = async (by: Actor, workflowType?: string): Promise<readonly WorkflowInfo[]> =>
  expected(await by.admin<WorkflowList>('GET /workflows', { query: { workflowType } }), 200).list;

/** The one thing that waits. */
export const theWaiting = async (by: Actor): Promise<WorkflowInfo> => {
  const [first, ...others] = await waiting(by);
  if (first === undefined || others.length > 0) throw new Error(`expected one waiting workflow, found ${others.length + (first ? 1 : 0)}`);
  return first;
};

/** An administrator decides. */
export const decide = (by: Actor, referenceId: string, status: 'APPROVED' | 'REJECTED') =>
  by.admin('POST /workflows/update-workflow-status', { query: { workflowReferenceId: referenceId }, body: { status } });
