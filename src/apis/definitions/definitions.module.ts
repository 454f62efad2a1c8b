import { Module } from '@nestjs/common';
import { DefinitionTexts } from './definition-texts.service.js';
import { Definitions } from './definitions.service.js';

/** Reading, checking and writing definitions; knows nothing of APIs. */
@Module({ providers: [DefinitionTexts, Definitions], exports: [Definitions] })
export class DefinitionsModule {}
