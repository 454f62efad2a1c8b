import { Global, Module } from '@nestjs/common';
import { Audit } from './audit.js';
import { Log } from './log.js';

@Global()
@Module({ providers: [Log, Audit], exports: [Log, Audit] })
export class LoggingModule {}
