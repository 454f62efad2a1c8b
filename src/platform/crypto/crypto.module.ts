import { Global, Module } from '@nestjs/common';
import { Passwords } from './passwords.js';
import { Secrets } from './secrets.js';

@Global()
@Module({ providers: [Passwords, Secrets], exports: [Passwords, Secrets] })
export class CryptoModule {}
