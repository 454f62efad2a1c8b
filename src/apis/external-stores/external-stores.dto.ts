import { ApiProperty } from '@nestjs/swagger';

export class ExternalStoreDto {
  id?: string;
  displayName?: string;
  type?: string;
  endpoint?: string;
}

export class APIExternalStoreDto {
  id?: string;
  /** In UTC. */
  lastUpdatedTime?: string;
}

export class APIExternalStoreListDto {
  @ApiProperty({ type: 'integer', required: false }) count!: number;
  @ApiProperty({ type: [APIExternalStoreDto], required: false }) list!: readonly APIExternalStoreDto[];
}
