import { ApiProperty } from '@nestjs/swagger';
import { PaginationDto } from '../../platform/http/page.js';

export class TagDto {
  @ApiProperty({ required: false }) value!: string;
  @ApiProperty({ type: 'integer', required: false }) count!: number;
}

export class TagListDto {
  @ApiProperty({ type: 'integer', required: false }) count!: number;
  @ApiProperty({ type: [TagDto], required: false }) list!: readonly TagDto[];
  @ApiProperty({ type: PaginationDto, required: false }) pagination!: PaginationDto;
}

export class RecommendedAPIDto {
  @ApiProperty({ required: false }) id!: string;
  @ApiProperty({ required: false }) name!: string;
  @ApiProperty({ required: false }) avgRating!: string;
}

export class RecommendationsDto {
  @ApiProperty({ type: 'integer', required: false }) count!: number;
  @ApiProperty({ type: [RecommendedAPIDto], required: false }) list!: readonly RecommendedAPIDto[];
}
