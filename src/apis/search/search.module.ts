import { Module } from '@nestjs/common';
import { SearchPublisherController } from './search.publisher.controller.js';
import { SearchQueries } from './search.queries.js';

/** The search over everything in the publisher. */
@Module({ controllers: [SearchPublisherController], providers: [SearchQueries] })
export class SearchModule {}
