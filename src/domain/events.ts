/** What the audit log says of a change: never a secret. */
export interface AuditedChange {
  readonly organization: string;
  /** The kind of entity: `User`, `OAuthClient`, `KeyManager`, … */
  readonly type: string;
  readonly action: string;
  readonly info: object;
}

/** Every event that leaves a transaction after its commit: past tense, ids rather than rows. They may be lost; what must not be is written in the transaction. */
export interface EventMap {
  'feed.changed': { readonly seq: number };
  /** An API was published for the first time, or again after it was taken back. */
  'api.version-published': { readonly organization: string; readonly apiId: string };
  'organization.created': { readonly organization: string };
  'organization.activation-changed': { readonly organization: string; readonly active: boolean };
  'user.changed': { readonly organization: string; readonly userId: string };
  /** A gateway reads that another process changed accounts or roles; what is known of them is void. */
  'accounts.changed': { readonly organization: string };
  'role.changed': { readonly organization: string };
  /** A client at an outside key manager is to be removed there. */
  'outside-client.unneeded': { readonly organization: string; readonly keyManager: string };
  /** An outside system is to be told of a workflow, by the type and the subject that `about` names. */
  'workflow.asked': { readonly organization: string; readonly workflowId: string; readonly about: string };
  /** An outside system may have to be told that a workflow needs no decision any more. */
  'workflow.ended': { readonly organization: string };
  'oauth-client.changed': { readonly organization: string; readonly clientId: string };
  'oauth-scope.changed': { readonly organization: string };
  /** Other parts of the server write correlation lines than before. */
  'correlation.changed': Readonly<Record<never, never>>;
  audited: AuditedChange;
  'signing-key.changed': { readonly organization: string };
  'key-manager.changed': { readonly organization: string; readonly id: string };
  /** A gateway saw a token of a key manager, signed with a key that it does not know. */
  'key-manager.key-wanted': { readonly organization: string; readonly name: string };
}

export type EventName = keyof EventMap;
