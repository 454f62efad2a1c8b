import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AttachedPolicies } from './attached-policies.js';
import { DefinitionChecks } from './definition-checks.js';
import { OperationPolicyEntity } from './operation-policy.entity.js';

/** Apart from the policies themselves, so that APIs and their revisions may attach them. */
@Module({
  imports: [TypeOrmModule.forFeature([OperationPolicyEntity])],
  providers: [AttachedPolicies, DefinitionChecks],
  exports: [AttachedPolicies, DefinitionChecks, TypeOrmModule],
})
export class AttachedPoliciesModule {}
