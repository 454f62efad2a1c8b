import { Module } from '@nestjs/common';
import { ApiArchiveParts } from './api-archive-parts.js';
import { ArchiveTexts } from './archive-texts.js';

/** Apart from the archives themselves, so that the parts of an API may import it. */
@Module({ providers: [ApiArchiveParts, ArchiveTexts], exports: [ApiArchiveParts, ArchiveTexts] })
export class ApiArchivePartsModule {}
