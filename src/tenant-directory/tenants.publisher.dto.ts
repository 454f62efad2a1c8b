import { ApiProperty } from '@nestjs/swagger';
import { PaginationDto } from '../platform/http/page.js';

export class PublisherTenantDto {
  domain?: string;
  status?: string;
}

export class PublisherTenantListDto {
  @ApiProperty({ type: 'integer', required: false }) count!: number;
  @ApiProperty({ type: [PublisherTenantDto], required: false }) list!: readonly PublisherTenantDto[];
  @ApiProperty({ type: PaginationDto, required: false }) pagination!: PaginationDto;
}
