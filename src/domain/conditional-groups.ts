import type { Quota } from './throttling.js';

export type ConditionType = 'HEADERCONDITION' | 'IPCONDITION' | 'JWTCLAIMSCONDITION' | 'QUERYPARAMETERCONDITION';

/** One condition of a group, in the wire's shape; the object named after the type holds what is compared. */
export interface Condition {
  readonly type: ConditionType;
  readonly invertCondition: boolean;
  readonly headerCondition?: { readonly headerName: string; readonly headerValue: string };
  readonly ipCondition?: {
    readonly ipConditionType?: 'IPRANGE' | 'IPSPECIFIC';
    readonly specificIP?: string;
    readonly startingIP?: string;
    readonly endingIP?: string;
  };
  readonly jwtClaimsCondition?: { readonly claimUrl: string; readonly attribute: string };
  readonly queryParameterCondition?: { readonly parameterName: string; readonly parameterValue: string };
}

/** A limit of its own for the requests that meet all its conditions; groups are tried in order. */
export interface ConditionalGroup {
  readonly description: string;
  readonly conditions: readonly Condition[];
  readonly quota: Quota;
}
