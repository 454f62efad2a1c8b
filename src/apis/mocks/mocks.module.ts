import { Module } from '@nestjs/common';
import { ApisModule } from '../apis.module.js';
import { MocksPublisherController } from './mocks.publisher.controller.js';
import { MocksService } from './mocks.service.js';

@Module({ imports: [ApisModule], controllers: [MocksPublisherController], providers: [MocksService] })
export class MocksModule {}
