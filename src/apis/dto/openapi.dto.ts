import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { Allow, IsArray, IsBoolean, IsOptional, IsString, ValidateNested } from 'class-validator';
import { APIOperationsDto } from './api-operations.dto.js';

export class OpenAPIDefinitionValidationResponseInfoDto {
  @IsOptional() @IsString() name?: string;
  @IsOptional() @IsString() version?: string;
  @IsOptional() @IsString() context?: string;
  @IsOptional() @IsString() description?: string;
  @IsOptional() @IsString() openAPIVersion?: string;
  @IsOptional() @IsArray() @IsString({ each: true }) endpoints?: string[];
  @IsOptional() @IsArray() @ValidateNested({ each: true }) @Type(() => APIOperationsDto) operations?: APIOperationsDto[];
}

export class ErrorListItemDto {
  @IsString() code!: string;
  @IsString() message!: string;
  @IsOptional() @IsString() description?: string;
}

export class OpenAPIDefinitionValidationResponseDto {
  @IsBoolean() isValid!: boolean;
  @IsOptional() @IsString() content?: string;
  @IsOptional() @ValidateNested() @Type(() => OpenAPIDefinitionValidationResponseInfoDto) info?: OpenAPIDefinitionValidationResponseInfoDto;
  @IsOptional() @IsArray() @ValidateNested({ each: true }) @Type(() => ErrorListItemDto) errors?: ErrorListItemDto[];
}

/** Form of PUT /apis/{apiId}/swagger; the file comes with the upload. */
export class UpdateAPISwaggerForm {
  @IsOptional() @IsString() apiDefinition?: string;
  @IsOptional() @IsString() url?: string;
  @ApiProperty({ format: 'binary', type: 'string' }) @IsOptional() @Allow() file?: string;
}

/** Form of POST /apis/validate-openapi; the file comes with the upload. */
export class ValidateOpenAPIDefinitionForm {
  @IsOptional() @IsString() url?: string;
  @ApiProperty({ format: 'binary', type: 'string' }) @IsOptional() @Allow() file?: string;
  @IsOptional() @IsString() inlineAPIDefinition?: string;
}

/** Form of POST /apis/import-openapi; the file comes with the upload. */
export class ImportOpenAPIDefinitionForm {
  @ApiProperty({ format: 'binary', type: 'string' }) @IsOptional() @Allow() file?: string;
  @IsOptional() @IsString() url?: string;
  /** The API to make, as JSON. */
  @IsOptional() @IsString() additionalProperties?: string;
  @IsOptional() @IsString() inlineAPIDefinition?: string;
}
