import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CategoriesAdminController } from './categories.admin.controller.js';
import { CategoriesDevportalController } from './categories.devportal.controller.js';
import { CategoriesPublisherController } from './categories.publisher.controller.js';
import { CategoriesService } from './categories.service.js';
import { CategoryEntity } from './category.entity.js';
import { CategoryUses } from './category-uses.js';

/** API categories; those who name them register with {@link CategoryUses}. */
@Module({
  imports: [TypeOrmModule.forFeature([CategoryEntity])],
  controllers: [CategoriesAdminController, CategoriesPublisherController, CategoriesDevportalController],
  providers: [CategoriesService, CategoryUses],
  exports: [CategoriesService, CategoryUses],
})
export class CategoriesModule {}
