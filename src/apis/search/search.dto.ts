import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsArray, IsInt, IsObject, IsOptional, ValidateNested } from 'class-validator';
import { PaginationDto } from '../../platform/http/page.js';
import type { AdvertiseInfoDto, APIBusinessInformationDto } from '../dto/api-parts.dto.js';

/** The contract leaves the shape of the items open: they are the classes below. */
export class SearchResultListDto {
  @ApiProperty({ type: 'integer' }) @IsOptional() @IsInt() count?: number;
  @ApiProperty({ type: 'array', items: { type: 'object' } }) @IsOptional() @IsArray() @IsObject({ each: true }) list?: SearchResultDto[];
  @IsOptional() @ValidateNested() @Type(() => PaginationDto) pagination?: PaginationDto;
}

export class DevportalSearchResultListDto {
  @ApiProperty({ type: 'integer', required: false }) count!: number;
  @ApiProperty({ type: 'array', items: { type: 'object' }, required: false }) list!: PortalSearchResultDto[];
  @ApiProperty({ type: PaginationDto, required: false }) pagination!: PaginationDto;
}

export type PortalSearchResultDto = DevportalAPISearchResultDto | APIDefinitionSearchResultDto | DocumentSearchResultDto;

/** What every hit of the publisher says. Times are milliseconds since 1970 as text. */
export interface SearchResultDto {
  readonly id: string;
  readonly name: string;
  /** `APIPRODUCT` in capitals: what the product answers and its web clients compare with, although the contract writes `APIProduct`. */
  readonly type: 'API' | 'APIPRODUCT' | 'DEFINITION' | 'DOC';
  readonly transportType: string | null;
  readonly createdTime: string;
  readonly updatedTime: string;
}

export interface APIProductSearchResultDto extends SearchResultDto {
  readonly displayName: string;
  readonly description: string;
  readonly context: string;
  readonly version: string;
  readonly provider: string;
  readonly status: string;
  readonly thumbnailUri: string | null;
  readonly hasThumbnail: boolean;
  readonly monetizedInfo: boolean;
  readonly businessOwner: string | null;
  readonly businessOwnerEmail: string | null;
  readonly TechnicalOwner: string | null;
  readonly TechnicalOwnerEmail: string | null;
  readonly egress: boolean;
}

export interface APISearchResultDto extends APIProductSearchResultDto {
  readonly contextTemplate: string;
  readonly advertiseOnly: boolean;
  readonly gatewayVendor: string;
  readonly gatewayType: string;
}

/** Both APIs and products. */
export interface DevportalAPISearchResultDto extends Pick<SearchResultDto, 'id' | 'name' | 'type' | 'transportType'> {
  readonly displayName: string;
  readonly description: string;
  readonly context: string;
  readonly version: string;
  readonly provider: string;
  readonly status: string;
  readonly thumbnailUri: string | null;
  readonly businessInformation: APIBusinessInformationDto;
  readonly avgRating: string;
  readonly monetizedInfo: boolean;
  readonly advertiseInfo: AdvertiseInfoDto;
}

export interface APIDefinitionSearchResultDto extends SearchResultDto {
  readonly apiName: string;
  readonly apiDisplayName: string;
  readonly apiVersion: string;
  readonly apiContext: string;
  readonly apiUUID: string;
  readonly apiProvider: string;
  readonly apiType: string;
  readonly associatedType: 'API' | 'APIProduct';
}

export interface DocumentSearchResultDto extends SearchResultDto {
  readonly docType: string;
  readonly summary: string | null;
  readonly sourceType: string;
  readonly sourceUrl: string;
  readonly otherTypeName: string | null;
  readonly visibility: string;
  readonly apiName: string;
  readonly apiDisplayName: string;
  readonly apiVersion: string;
  readonly apiProvider: string;
  readonly apiUUID: string;
  readonly associatedType: 'API' | 'APIProduct';
}
