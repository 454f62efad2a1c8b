import { ApiProperty } from '@nestjs/swagger';
import { IsObject, IsOptional, IsString } from 'class-validator';
import { PaginationDto } from '../../platform/http/page.js';

export class APIEndpointDto {
  /** Given by the server; what is sent is ignored. */
  @IsOptional() @IsString() id?: string;
  @IsString() name!: string;
  @IsOptional() @IsString() deploymentStage?: string;
  @ApiProperty({ type: 'object', properties: {} }) @IsOptional() @IsObject() endpointConfig?: Record<string, unknown>;
  @IsOptional() @IsString() apiDefinition?: string;
}

export class APIEndpointListDto {
  @ApiProperty({ type: 'integer', required: false }) count!: number;
  @ApiProperty({ type: [APIEndpointDto], required: false }) list!: readonly APIEndpointDto[];
  @ApiProperty({ type: PaginationDto, required: false }) pagination!: PaginationDto;
}
