import { ApiProperty } from '@nestjs/swagger';
import { PaginationDto } from '../../platform/http/page.js';

export class ApiResultDto {
  provider?: string;
  name?: string;
  version?: string;
  id?: string;
}

/** The contract's `SearchResultList` of the admin API, whose list is named `apis`. */
export class AdminSearchResultListDto {
  apis?: ApiResultDto[];
  @ApiProperty({ type: 'integer', required: false }) count?: number;
  pagination?: PaginationDto;
}
