import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { WorkModule } from '../../platform/worker-pool/work.module.js';
import { ProductMembers } from './product-members.js';
import { ProductResourceEntity } from './product-resource.entity.js';

/** Apart from the products themselves, so that APIs and revisions may import it. */
@Module({
  imports: [TypeOrmModule.forFeature([ProductResourceEntity]), WorkModule],
  providers: [ProductMembers],
  exports: [ProductMembers],
})
export class ProductMembersModule {}
