export const POLICY_CATEGORIES = ['Mediation', 'Security'] as const;
export type PolicyCategory = (typeof POLICY_CATEGORIES)[number];

/** Where in an exchange a policy runs. */
export const POLICY_FLOWS = ['request', 'response', 'fault'] as const;
export type PolicyFlow = (typeof POLICY_FLOWS)[number];

export const ATTRIBUTE_TYPES = ['String', 'Integer', 'Boolean', 'Enum', 'Map', 'Secret', 'JSON'] as const;

/** A parameter that whoever attaches the policy gives a value. */
export interface PolicyAttribute {
  readonly name: string;
  readonly displayName: string;
  readonly description?: string;
  /** One of {@link ATTRIBUTE_TYPES}, in any letter case. */
  readonly type: string;
  readonly required: boolean;
  /** Matched without regard to case against the whole value of a required attribute. */
  readonly validationRegex?: string;
  /** What a form suggests; it is not filled in for a value that is left out. */
  readonly defaultValue?: string | number | boolean;
  readonly allowedValues?: readonly string[];
}

/** An API type, or one of its subtypes alone. */
export type SupportedApiType = string | { readonly apiType: string; readonly subType?: string };

/** The `data` of a specification document (`reference/publisher.md` §14). */
export interface PolicySpecification {
  readonly category: PolicyCategory;
  readonly name: string;
  readonly version: string;
  readonly displayName: string;
  readonly description: string;
  readonly policyAttributes: readonly PolicyAttribute[];
  readonly applicableFlows: readonly PolicyFlow[];
  readonly supportedGateways: readonly string[];
  readonly supportedApiTypes: readonly SupportedApiType[];
}

/** Whether the values of the attribute are kept encrypted and never shown. */
export const isSecret = ({ type }: Pick<PolicyAttribute, 'type'>): boolean => type.toLowerCase() === 'secret';
