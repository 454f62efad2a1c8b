import { BadRequest } from '../../domain/problem.js';
import { Reply } from '../../platform/http/reply.js';
import { validateAs } from '../../platform/http/validation.pipe.js';
import { APIRevisionDeploymentDto } from './revisions.dto.js';

const DISALLOWED = 'One or more request body parameters contain disallowed values.';

/** The reference has this one refusal as plain text (`error-codes.md` §6). */
export const RevisionIdMissing = new Reply(400, 'Revision Id is not provided', { 'Content-Type': 'text/plain' });

/** `deployed:true` and `deployed:false`; anything else does not filter. */
export const deployedIn = (query: string | undefined): boolean | undefined => {
  const [, word] = /^\s*deployed:\s*(true|false)\s*$/i.exec(query ?? '') ?? [];
  return word === undefined ? undefined : word.toLowerCase() === 'true';
};

/** The body's list of environments; an absent body is an empty list. */
export const targetsOf = async (body: unknown): Promise<readonly APIRevisionDeploymentDto[]> => {
  if (body === undefined || body === null) return [];
  if (!Array.isArray(body)) throw BadRequest(DISALLOWED);
  return Promise.all(body.map((item: unknown) => validateAs(APIRevisionDeploymentDto, item)));
};

/** A deployment's id is the name of its environment in base64. */
export const environmentIn = (deploymentId: string): string => Buffer.from(deploymentId, 'base64').toString();
