import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Application, ApplicationStatus } from '../domain/application.js';
import { shownName, type UserName } from '../domain/organization.js';
import { found } from '../domain/problem.js';
import type { Tx } from '../platform/database/transactions.js';
import type { WorkflowEntity } from '../workflows/workflow.entity.js';
import { type Completion, Workflows } from '../workflows/workflows.service.js';
import { ApplicationEntity } from './application.entity.js';
import type { SettledContent } from './application-checks.js';
import { applicationProperties, updatesOf } from './application-updates.js';
import { ApplicationWrites } from './application-writes.js';
import { ownerOf } from './applications.mapper.js';
import { ApplicationNotFound } from './applications.problems.js';

/** Asks the approvers of the tenant about its applications and carries out what they decide (`reference/admin.md` §6, `devportal.md` §5). */
@Injectable()
export class ApplicationApprovals implements OnModuleInit {
  constructor(
    private readonly workflows: Workflows,
    private readonly writes: ApplicationWrites,
  ) {}

  onModuleInit(): void {
    this.workflows.register('APPLICATION_CREATION', {
      hold,
      approve: async (tx, workflow) => this.writes.admit(tx, await locked(tx, workflow)),
      reject: (tx, workflow) => this.turn(tx, workflow, 'REJECTED'),
    });
    this.workflows.register('APPLICATION_UPDATE', {
      hold,
      approve: async (tx, workflow) => {
        await this.writes.apply(tx, await locked(tx, workflow), contentIn(workflow));
      },
      reject: (tx, workflow) => this.turn(tx, workflow, 'UPDATE_REJECTED'),
    });
    this.workflows.register('APPLICATION_DELETION', {
      hold,
      approve: async (tx, workflow) => this.writes.remove(tx, await locked(tx, workflow)),
      reject: (tx, workflow) => this.turn(tx, workflow, statusBefore(workflow)),
    });
  }

  /** `pending`: the application was stored and waits for somebody's decision. */
  async askCreation(tx: Tx, by: UserName, application: ApplicationEntity): Promise<'now' | 'pending'> {
    const answer = await this.workflows.start(tx, {
      ...aboutOf(application, 'APPLICATION_CREATION'),
      description: `New application ${application.name} under the policy ${application.throttlingPolicy}, asked for by ${shownName(by)}`,
    });
    if (answer === 'pending') await tx.em.save(Object.assign(application, { status: 'CREATED' }));
    return answer;
  }

  /** `pending`: the new content is kept for the decision, and the application stays as it is. What changes nothing is not asked about. */
  async askUpdate(tx: Tx, by: UserName, application: ApplicationEntity, content: SettledContent): Promise<'now' | 'pending'> {
    const updates = updatesOf(application, content);
    if (updates.length === 0) return 'now';
    const about = aboutOf(application, 'APPLICATION_UPDATE');
    const answer = await this.workflows.start(tx, {
      ...about,
      properties: { ...about.properties, updates },
      input: { ...about.input, content: JSON.stringify(content) },
      description: `Change of the application ${application.name}, asked for by ${shownName(by)}`,
    });
    if (answer === 'pending') await tx.em.save(Object.assign(application, { status: 'UPDATE_PENDING' }));
    return answer;
  }

  /** `pending`: the application goes on until somebody decides. */
  async askDeletion(tx: Tx, by: UserName, application: ApplicationEntity): Promise<'now' | 'pending'> {
    const answer = await this.workflows.start(tx, {
      ...aboutOf(application, 'APPLICATION_DELETION'),
      description: `Deletion of the application ${application.name}, asked for by ${shownName(by)}`,
    });
    if (answer === 'pending') await tx.em.save(Object.assign(application, { status: 'DELETE_PENDING' }));
    return answer;
  }

  /** Where an outside system sends whoever has just asked for the deletion, as JSON of the wire; empty for nowhere. */
  redirection(subject: string): Promise<string> {
    return this.workflows.redirection({ type: 'APPLICATION_DELETION', subject });
  }

  /** Forgets a change or a deletion that waits; the application is what it was before. False when neither waits: a new application is deleted instead. */
  async withdraw(tx: Tx, application: ApplicationEntity): Promise<boolean> {
    const waiting = application.status === 'CREATED' ? undefined : await this.pending(application, tx.em);
    if (waiting === undefined) return false;
    await this.workflows.drop(tx, application.organization, { type: waiting.type, subject: waiting.subject });
    await tx.em.save(Object.assign(application, { status: statusBefore(waiting) }));
    return true;
  }

  /** Has approvers see the new owner of an application in what waits for it or its keys. */
  async handOver({ em }: Tx, application: Application): Promise<void> {
    await em.query(
      `UPDATE workflows SET properties = jsonb_set(properties, '{applicationOwner}', to_jsonb($3::text))
       WHERE organization = $1 AND application_id = $2 AND status = 'CREATED' AND properties ? 'applicationOwner'`,
      [application.organization, application.id, ownerOf(application)],
    );
  }

  /** What is asked about the application and not decided yet. Inside a transaction, give its entity manager. */
  async pending({ organization, id, status }: Application, em?: EntityManager): Promise<WorkflowEntity | undefined> {
    const type = ASKED[status];
    if (type === undefined) return undefined;
    return (await this.workflows.of(organization, { type, subject: id }, em)).find((workflow) => workflow.status === 'CREATED');
  }

  private async turn(tx: Tx, workflow: WorkflowEntity, status: ApplicationStatus): Promise<void> {
    await tx.em.save(Object.assign(await locked(tx, workflow), { status }));
  }
}

type Change = 'APPLICATION_CREATION' | 'APPLICATION_UPDATE' | 'APPLICATION_DELETION';

/** What is asked about while an application has the status. */
const ASKED: Readonly<Partial<Record<ApplicationStatus, Change>>> = {
  CREATED: 'APPLICATION_CREATION',
  UPDATE_PENDING: 'APPLICATION_UPDATE',
  DELETE_PENDING: 'APPLICATION_DELETION',
};

/** The status the application has now is what it returns to. */
const aboutOf = <T extends Change>(application: Application, type: T) => {
  const { organization, id, status, attributes } = application;
  return {
    organization,
    type,
    subject: id,
    applicationId: id,
    properties: applicationProperties(application),
    attributes,
    input: { status },
  };
};

const statusBefore = ({ input }: WorkflowEntity): ApplicationStatus => input['status'] as ApplicationStatus; // written by `aboutOf`
const contentIn = ({ input }: WorkflowEntity): SettledContent => JSON.parse(input['content'] ?? '') as SettledContent; // written by `askUpdate`

const hold: Completion['hold'] = async (tx, { organization, applicationId }) => {
  await tx.em.query('SELECT 1 FROM applications WHERE organization = $1 AND id = $2 FOR UPDATE', [organization, applicationId]);
};

const locked = async (tx: Tx, { organization, subject }: WorkflowEntity): Promise<ApplicationEntity> =>
  found(await tx.em.findOneBy(ApplicationEntity, { organization, id: subject }), ApplicationNotFound, subject);
