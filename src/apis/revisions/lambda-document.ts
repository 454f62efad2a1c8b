import type { ApiDetails, EndpointConfig } from '../../domain/api.js';
import type { BackendDocument, EndpointDocument, LambdaDocument } from '../../domain/gateway-documents.js';
import { LAMBDA_SECRET } from '../endpoint-secrets.js';

type Operation = ApiDetails['operations'][number];

const LAMBDA = 'lambda';
const TIMEOUT_MS = 50_000;
const TIMEOUT_RANGE_MS = [1_000, 900_000] as const;
/** `arn:aws:lambda:<region>:…`. */
const REGION_OF_ARN = /^arn:[^:]+:lambda:([a-z0-9-]+):/;
const REGION = /^[a-z0-9-]{1,32}$/;
const REGION_UNKNOWN = 'us-east-1';

const textAt = (config: EndpointConfig, name: string): string => {
  const value = config[name];
  return typeof value === 'string' ? value.trim() : '';
};

/** Where the functions of an API are called and with which credentials (`reference/gateway.md` §7.2): the stored ones or, with none, the gateway's own. */
export const awsFunctions = (config: EndpointConfig, operations: readonly Operation[]): EndpointDocument => {
  const region = regionOf(config, operations);
  const accessKey = textAt(config, 'access_method') === 'role-supplied' ? '' : textAt(config, 'amznAccessKey');
  const role = textAt(config, 'amznRoleArn');
  return {
    url: `https://lambda.${region}.amazonaws.com`,
    onTimeout: 'fault',
    timeoutMs: null,
    security: {
      type: 'aws',
      region,
      service: LAMBDA,
      accessKey,
      ...(role !== '' && {
        role: {
          arn: role,
          sessionName: textAt(config, 'amznRoleSessionName') || 'gatehouse',
          region: textAt(config, 'amznRoleRegion') || region,
        },
      }),
      secrets: { secretKey: accessKey === '' ? '' : textAt(config, LAMBDA_SECRET) },
    },
  };
};

/** The function behind an operation; undefined where there is none. */
export const lambdaOf = (
  { production }: BackendDocument,
  { amznResourceName, amznResourceTimeout, amznResourceContentEncode }: Operation,
): LambdaDocument | undefined => {
  const security = production?.security;
  if (security?.type !== 'aws' || security.service !== LAMBDA || !amznResourceName) return undefined;
  const timeoutMs = amznResourceTimeout ?? TIMEOUT_MS;
  const [least, most] = TIMEOUT_RANGE_MS;
  return {
    name: amznResourceName,
    timeoutMs: timeoutMs < least || timeoutMs > most ? TIMEOUT_MS : timeoutMs,
    isEncoded: amznResourceContentEncode ?? false,
  };
};

/** The configured region, else that of the first function whose name tells one. */
const regionOf = (config: EndpointConfig, operations: readonly Operation[]): string => {
  const named = operations.map(({ amznResourceName }) => REGION_OF_ARN.exec(amznResourceName ?? '')?.[1]);
  const region = [textAt(config, 'amznRegion'), ...named].find((candidate) => candidate !== undefined && REGION.test(candidate));
  return region ?? REGION_UNKNOWN;
};
