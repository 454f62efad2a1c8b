/** What an approver can be asked about, as the wire names it without `AM_` (`reference/admin.md` §6). */
export const WORKFLOW_TYPES = [
  'APPLICATION_CREATION',
  'APPLICATION_UPDATE',
  'APPLICATION_DELETION',
  'APPLICATION_REGISTRATION_PRODUCTION',
  'APPLICATION_REGISTRATION_SANDBOX',
  'SUBSCRIPTION_CREATION',
  'SUBSCRIPTION_UPDATE',
  'SUBSCRIPTION_DELETION',
  'USER_SIGNUP',
  'API_STATE',
  'API_PRODUCT_STATE',
  'REVISION_DEPLOYMENT',
] as const;
export type WorkflowType = (typeof WORKFLOW_TYPES)[number];

/** The type behind a name with or without `AM_`; undefined for none. */
export const workflowTypeOf = (name: string): WorkflowType | undefined =>
  WORKFLOW_TYPES.find((type) => type === name || `AM_${type}` === name);

export const DECISIONS = ['APPROVED', 'REJECTED'] as const;
export type Decision = (typeof DECISIONS)[number];
/** `CREATED` waits for its decision. */
export type WorkflowStatus = 'CREATED' | Decision;
