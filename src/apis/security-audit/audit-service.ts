import { SUPER_TENANT } from '../../domain/organization.js';
import { isObject } from '../definitions/json-document.js';

/** Where definitions are audited, and as whom. */
export interface AuditService {
  readonly apiToken: string;
  readonly collectionId: string;
  readonly baseUrl: string;
}

/** The service a tenant configured to use in place of the server's; undefined when it did not, or not completely. */
export const ownAuditService = (configured: unknown): AuditService | undefined => {
  if (!isObject(configured) || configured['overrideGlobal'] !== true) return undefined;
  const { apiToken, collectionId, baseUrl } = configured;
  const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
  return isText(apiToken) && isText(collectionId) && isText(baseUrl) ? { apiToken, collectionId, baseUrl } : undefined;
};

/** The server's service, where it is complete and meant for this tenant. */
export const serversAuditService = (
  { apiToken, collectionId, baseUrl, global }: AuditService & { readonly global: boolean },
  organization: string,
): AuditService | undefined => {
  const isComplete = apiToken !== '' && collectionId !== '' && baseUrl !== '';
  return isComplete && (global || organization === SUPER_TENANT) ? { apiToken, collectionId, baseUrl } : undefined;
};

/** What the audit service found. */
export interface AuditReport {
  /** JSON text. */
  readonly report: string;
  readonly grade: string;
  readonly numErrors: number;
}

/** The report as the service sends it: the findings in base64, the figures beside them. Undefined for anything else. */
export const reportOf = (answer: unknown): AuditReport | undefined => {
  if (!isObject(answer)) return undefined;
  const { data, attr } = answer;
  const figures = isObject(attr) ? attr['data'] : undefined;
  if (typeof data !== 'string' || !isObject(figures)) return undefined;
  const { grade, numErrors } = figures;
  if (grade === undefined || !Number.isInteger(Number(numErrors))) return undefined;
  return { report: Buffer.from(data, 'base64').toString('utf8'), grade: String(grade), numErrors: Number(numErrors) };
};

/** The name the service gave an API it was sent. */
export const externalIdOf = (answer: unknown): string | undefined => {
  const desc = isObject(answer) ? answer['desc'] : undefined;
  const id = isObject(desc) ? desc['id'] : undefined;
  return typeof id === 'string' && id !== '' ? id : undefined;
};
