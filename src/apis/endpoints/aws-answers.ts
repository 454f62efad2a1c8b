import { XMLParser } from 'fast-xml-parser';
import { isObject, objectAt, textAt } from '../definitions/json-document.js';
import { LambdaNotReachable } from './lambda-functions.problems.js';

export interface AwsCredentials {
  readonly accessKey: string;
  readonly secretKey: string;
  /** Of a role that was assumed. */
  readonly sessionToken?: string;
}

const unreadable = () => LambdaNotReachable('The answer of AWS could not be read.');

/** The resource names of a page of functions, and the marker of the next page. @throws LambdaNotReachable (400). */
export const arnsIn = (text: string): { readonly names: readonly string[]; readonly next: string | undefined } => {
  const answer = json(text);
  if (!isObject(answer) || !Array.isArray(answer['Functions'])) throw unreadable();
  const names = answer['Functions'].flatMap((entry: unknown) => (isObject(entry) ? (textAt(entry, 'FunctionArn') ?? []) : []));
  return { names, next: textAt(answer, 'NextMarker') };
};

const json = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** The credentials of an assumed role. @throws LambdaNotReachable (400). */
export const assumedCredentials = (text: string): AwsCredentials => {
  const parsed: unknown = new XMLParser({ parseTagValue: false, processEntities: false }).parse(text);
  const result = objectAt(objectAt(isObject(parsed) ? parsed : {}, 'AssumeRoleResponse'), 'AssumeRoleResult');
  const credentials = objectAt(result, 'Credentials');
  const [accessKey, secretKey, sessionToken] = ['AccessKeyId', 'SecretAccessKey', 'SessionToken'].map((name) => textAt(credentials, name));
  if (accessKey === undefined || secretKey === undefined || sessionToken === undefined) throw unreadable();
  return { accessKey, secretKey, sessionToken };
};
