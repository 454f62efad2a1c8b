import { Injectable } from '@nestjs/common';
import type { Application } from '../../domain/application.js';
import { shownName, type UserName } from '../../domain/organization.js';
import type { Tx } from '../../platform/database/transactions.js';
import type { WorkflowInput } from '../../workflows/workflow.entity.js';
import { Workflows } from '../../workflows/workflows.service.js';
import { applicationProperties } from '../application-updates.js';
import type { ApplicationKeyEntity } from './application-key.entity.js';

/** Asks the approvers of the application's tenant about the client of its keys, wherever the client is to be. */
@Injectable()
export class RegistrationRequests {
  constructor(private readonly workflows: Workflows) {}

  /** `pending`: the keys stay reserved, without a client. */
  ask(tx: Tx, by: UserName, application: Application, row: ApplicationKeyEntity, input: WorkflowInput = {}): Promise<'now' | 'pending'> {
    const { organization, id: applicationId, name, attributes } = application;
    const { id, keyType, keyManager } = row;
    return this.workflows.start(tx, {
      ...{ organization, type: `APPLICATION_REGISTRATION_${keyType}`, subject: id, applicationId, keyMappingId: id, input },
      properties: { ...applicationProperties(application), keyType },
      attributes,
      description: `${keyType} keys of the application ${name} at ${keyManager}, asked for by ${shownName(by)}`,
    });
  }
}
