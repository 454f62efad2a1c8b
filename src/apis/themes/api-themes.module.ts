import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { RevisionsModule } from '../revisions/revisions.module.js';
import { ApiThemeEntity } from './api-theme.entity.js';
import { ApiThemesPublisherController } from './api-themes.publisher.controller.js';
import { ApiThemesService } from './api-themes.service.js';

/** The looks of APIs in the developer portal. */
@Module({
  imports: [TypeOrmModule.forFeature([ApiThemeEntity]), RevisionsModule],
  controllers: [ApiThemesPublisherController],
  providers: [ApiThemesService],
})
export class ApiThemesModule {}
