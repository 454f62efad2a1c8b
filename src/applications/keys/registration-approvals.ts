import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import type { Application } from '../../domain/application.js';
import { found } from '../../domain/problem.js';
import { RESIDENT } from '../../keys/managers/key-manager.js';
import { KeyManagersService } from '../../keys/managers/key-managers.service.js';
import type { WorkflowEntity } from '../../workflows/workflow.entity.js';
import { UndecidableWorkflow } from '../../workflows/workflows.problems.js';
import { type Completion, type PreparedApproval, Workflows } from '../../workflows/workflows.service.js';
import { ApplicationEntity } from '../application.entity.js';
import { ApplicationKeyEntity } from './application-key.entity.js';
import { KeyManagerDisabled, KeyManagerNotRegistered } from './application-keys.problems.js';
import { OutsideKeys } from './outside-keys.js';
import { ResidentKeys } from './resident-keys.js';

/**
 * Makes the clients of keys that were approved (`reference/admin.md` §6): at the resident key manager with the decision, at an outside one right before it,
 * as no call over the network runs inside a transaction.
 */
@Injectable()
export class RegistrationApprovals implements OnModuleInit {
  constructor(
    private readonly workflows: Workflows,
    private readonly resident: ResidentKeys,
    private readonly outside: OutsideKeys,
    private readonly keyManagers: KeyManagersService,
    @InjectDataSource() private readonly database: DataSource,
  ) {}

  onModuleInit(): void {
    const completion: Completion = {
      hold,
      approve: async (tx, workflow) => {
        const { application, row } = await registrationOf(tx.em, workflow);
        await this.resident.register(tx, application, row);
      },
      reject: async (tx, { organization, subject: id }) => {
        await tx.em.update(ApplicationKeyEntity, { organization, id }, { state: 'REJECTED' });
      },
      prepare: (workflow) => this.prepared(workflow),
    };
    this.workflows.register('APPLICATION_REGISTRATION_PRODUCTION', completion);
    this.workflows.register('APPLICATION_REGISTRATION_SANDBOX', completion);
  }

  /** @throws KeyManagerNotRegistered, KeyManagerDisabled (400) when the key manager is not in use by now, and what an outside one refuses: the request goes on waiting. */
  private async prepared(workflow: WorkflowEntity): Promise<PreparedApproval | undefined> {
    const { application, row } = await registrationOf(this.database.manager, workflow);
    const keyManager = found(await this.keyManagers.byNameOrId(row.keyManagerOrganization, row.keyManager), KeyManagerNotRegistered);
    if (!keyManager.enabled) throw KeyManagerDisabled();
    return keyManager.name === RESIDENT ? undefined : this.outside.prepare(application, keyManager, row, workflow.input);
  }
}

/** @throws UndecidableWorkflow (404) when the keys were cleaned up meanwhile. */
const registrationOf = async (
  em: EntityManager,
  { id: reference, organization, applicationId, subject: id }: WorkflowEntity,
): Promise<{ readonly application: Application; readonly row: ApplicationKeyEntity }> => {
  const row = found(await em.findOneBy(ApplicationKeyEntity, { organization, id }), UndecidableWorkflow, reference);
  const where = { organization, id: applicationId ?? '' };
  return { row, application: found(await em.findOneBy(ApplicationEntity, where), UndecidableWorkflow, reference) };
};

/** The application before its keys, as everybody locks them. */
const hold: Completion['hold'] = async (tx, { organization, applicationId, subject }) => {
  await tx.em.query('SELECT 1 FROM applications WHERE organization = $1 AND id = $2 FOR SHARE', [organization, applicationId]);
  await tx.em.query('SELECT 1 FROM application_keys WHERE organization = $1 AND id = $2 FOR UPDATE', [organization, subject]);
};
