import { ApiProperty } from '@nestjs/swagger';
import { PaginationDto } from '../../platform/http/page.js';

/** Only ever answered. */
export class DevportalTopicDto {
  apiId?: string;
  name?: string;
  /** What callers do with it: `SUBSCRIBE` or `PUBLISH`. */
  type?: string;
}

export class DevportalTopicListDto {
  @ApiProperty({ type: 'integer', required: false }) count!: number;
  @ApiProperty({ type: [DevportalTopicDto], required: false }) list!: readonly DevportalTopicDto[];
  @ApiProperty({ type: PaginationDto, required: false }) pagination!: PaginationDto;
}
