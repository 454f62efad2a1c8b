import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ApiKeyEntity } from './api-key.entity.js';
import { ApiKeyRows } from './api-key-rows.js';

/** The part of API keys that APIs, applications and subscriptions need; it depends on none of them. */
@Module({
  imports: [TypeOrmModule.forFeature([ApiKeyEntity])],
  providers: [ApiKeyRows],
  exports: [ApiKeyRows, TypeOrmModule],
})
export class ApiKeyRowsModule {}
