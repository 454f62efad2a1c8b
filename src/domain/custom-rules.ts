/** What a rule knows of a request: the attributes of `RequestStream` (`reference/throttling.md` §8). */
export const STREAM_FIELDS = [
  'messageID',
  'appKey',
  'appTier',
  'subscriptionKey',
  'apiKey',
  'apiTier',
  'subscriptionTier',
  'resourceKey',
  'resourceTier',
  'userId',
  'apiContext',
  'apiVersion',
  'appTenant',
  'apiTenant',
  'appId',
  'apiName',
] as const;
export type StreamField = (typeof STREAM_FIELDS)[number];

/** The variables of key templates, without their dollar sign; besides them there is `customProperty.<name>`. */
export const TEMPLATE_VARIABLES = [
  'resourceKey',
  'userId',
  'apiContext',
  'apiVersion',
  'appTenant',
  'apiTenant',
  'appId',
  'clientIp',
] as const;
export type TemplateVariable = (typeof TEMPLATE_VARIABLES)[number];

/** One part of a key template: a variable, or a property that a mediation policy has set. */
export type TemplatePart = { readonly variable: TemplateVariable } | { readonly property: string };

/** Entries of `propertiesMap` that the gateway fills in by itself; every other comes from the client or from a policy. */
export const OWN_PROPERTIES = ['ip', 'ipv6', 'messageSize', 'applicationName', 'subscriptionType'] as const;
export type OwnProperty = (typeof OWN_PROPERTIES)[number];

export const isOwnProperty = (name: string): name is OwnProperty => (OWN_PROPERTIES as readonly string[]).includes(name);

export const COMPARISONS = ['==', '!=', '<', '<=', '>', '>='] as const;
export type Comparison = (typeof COMPARISONS)[number];
export const CALCULATIONS = ['+', '-', '*', '/', '%'] as const;
export type Calculation = (typeof CALCULATIONS)[number];
/** What `cast` makes of a value. */
export const CAST_TYPES = ['string', 'number', 'integer', 'boolean'] as const;
export type CastType = (typeof CAST_TYPES)[number];

/** An expression over one request, as the gateway is told it. Nothing in it is compared with nothing: what is missing makes a comparison false. */
export type RuleExpression =
  | { readonly kind: 'literal'; readonly value: string | number | boolean }
  /** A whole number that a double does not hold. */
  | { readonly kind: 'large'; readonly digits: string }
  | { readonly kind: 'field'; readonly name: StreamField }
  | { readonly kind: 'property'; readonly name: string }
  | { readonly kind: 'concat'; readonly parts: readonly RuleExpression[] }
  | { readonly kind: 'cast'; readonly to: CastType; readonly of: RuleExpression }
  /** Whether the pattern, of Java, occurs in the text. */
  | { readonly kind: 'find'; readonly pattern: string; readonly in: RuleExpression }
  | { readonly kind: 'missing'; readonly of: RuleExpression }
  | { readonly kind: 'not'; readonly of: RuleExpression }
  | { readonly kind: 'negative'; readonly of: RuleExpression }
  | { readonly kind: 'and' | 'or'; readonly left: RuleExpression; readonly right: RuleExpression }
  | { readonly kind: 'compare'; readonly operator: Comparison; readonly left: RuleExpression; readonly right: RuleExpression }
  | { readonly kind: 'calculate'; readonly operator: Calculation; readonly left: RuleExpression; readonly right: RuleExpression };

/** What uses up a rule's limit. Tokens of an AI model are known once it has answered. */
export type RuleCount = 'requests' | 'bytes' | 'promptTokens' | 'completionTokens' | 'totalTokens';

/** Key: the rule's id; of the super tenant alone. A custom rule, ready to be linked. */
export interface CustomRuleDocument {
  readonly name: string;
  readonly keyTemplate: readonly TemplatePart[];
  /** Whether the rule is about a request. */
  readonly isEligible: RuleExpression;
  /** Must come to the expanded template for the request to count. */
  readonly throttleKey: RuleExpression;
  readonly windowMs: number;
  /** What may be used up in a window by one key. */
  readonly max: number;
  readonly counts: RuleCount;
}
