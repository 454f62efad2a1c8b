import { ApiProperty } from '@nestjs/swagger';

export class MCPServerMetadataDto {
  id?: string;
  name?: string;
  displayName?: string;
  version?: string;
  provider?: string;
}

export class MCPServerMetadataListDto {
  @ApiProperty({ type: 'integer', required: false }) count!: number;
  @ApiProperty({ type: [MCPServerMetadataDto], required: false }) list!: readonly MCPServerMetadataDto[];
}
