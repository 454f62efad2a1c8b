import { Module } from '@nestjs/common';
import { ApiCopies } from './api-copies.js';

/** Apart from the versions themselves, so that the parts of an API may import it. */
@Module({ providers: [ApiCopies], exports: [ApiCopies] })
export class ApiCopiesModule {}
