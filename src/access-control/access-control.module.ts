import { Module } from '@nestjs/common';
import { AccessControl } from './access-control.js';

@Module({ providers: [AccessControl], exports: [AccessControl] })
export class AccessControlModule {}
