import { type Actor, expected } from './actor.js';
import type { Body } from './client.js';
import { withDatabase } from './database.js';
import { type GivenApplication, given } from './given.js';
import { requireApproval } from './tenant-config.js';

export const APPLICATION = '/applications/{applicationId}';

export interface ApplicationBody extends Body {
  readonly applicationId: string;
  readonly name: string;
  readonly status: string;
  readonly throttlingPolicy: string;
}

/** A tenant whose approvers are asked about these changes, with a developer of it. */
export const approving = async (...elements: readonly string[]) => {
  const { admin, domain } = await given.organization();
  await requireApproval(admin, ...elements);
  return { admin, domain, ann: await given.user({ roles: ['Internal/subscriber'], by: admin }) };
};

/** The same, and an application of the developer's that was there before. */
export const withApplication = async (element: string, properties: Body = {}) => {
  const { admin, domain } = await given.organization();
  const ann = await given.user({ roles: ['Internal/subscriber'], by: admin });
  const application = await given.application(ann, properties);
  await requireApproval(admin, element);
  return { admin, domain, ann, application, path: { applicationId: application.applicationId } };
};

export const read = async (by: Actor, { applicationId }: Pick<GivenApplication, 'applicationId'>): Promise<ApplicationBody> =>
  expected(await by.devportal<ApplicationBody>(`GET ${APPLICATION}`, { path: { applicationId } }), 200);

export const change = async (by: Actor, application: Pick<GivenApplication, 'applicationId'>, properties: Body) =>
  by.devportal<ApplicationBody>(`PUT ${APPLICATION}`, {
    path: { applicationId: application.applicationId },
    body: { ...(await read(by, application)), ...properties },
  });

/** What the gateways are told of an application; undefined for nothing. */
export const knownToGateways = ({ applicationId }: Pick<GivenApplication, 'applicationId'>): Promise<Body | undefined> =>
  withDatabase(async (database) => {
    const { rows } = await database.query<{ body: Body }>(
      "SELECT body FROM gateway_document WHERE kind = 'application' AND key = $1 AND NOT deleted",
      [applicationId],
    );
    return rows[0]?.body;
  });
