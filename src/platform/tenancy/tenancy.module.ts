import { Global, Module } from '@nestjs/common';
import { TenantSeeds } from './tenant-seeds.js';

@Global()
@Module({ providers: [TenantSeeds], exports: [TenantSeeds] })
export class TenancyModule {}
