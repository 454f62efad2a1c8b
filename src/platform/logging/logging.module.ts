import { Global, Module } from '@nestjs/common';
import { Audit } from './audit.js';
import { CorrelationLog } from './correlation-log.js';
import { Log } from './log.js';

@Global()
@Module({ providers: [Log, Audit, CorrelationLog], exports: [Log, Audit, CorrelationLog] })
export class LoggingModule {}
