import { Injectable, type OnModuleInit } from '@nestjs/common';
import { PolicyUses } from '../throttling/policy-uses.js';
import { ApplicationEntity } from './application.entity.js';

/** Keeps application policies from being deleted while an application is under them. */
@Injectable()
export class ApplicationPolicyUse implements OnModuleInit {
  constructor(private readonly uses: PolicyUses) {}

  onModuleInit(): void {
    this.uses.register('application', (tx, organization, name) =>
      tx.em.existsBy(ApplicationEntity, { organization, throttlingPolicy: name }),
    );
  }
}
