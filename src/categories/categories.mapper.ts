import type { AdminAPICategoryDto, APICategoryListDto } from './categories.dto.js';
import type { CountedCategory } from './categories.service.js';
import type { CategoryEntity } from './category.entity.js';

export const toCategoryList = (categories: readonly CategoryEntity[]): APICategoryListDto => ({
  count: categories.length,
  list: categories.map(({ id, name, description }) => ({ id, name, description })),
});

export const toAdminCategory = ({ id, name, description, numberOfApis }: CountedCategory): AdminAPICategoryDto => ({
  id,
  name,
  description,
  numberOfAPIs: numberOfApis,
});
