import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { Allow, IsArray, IsBoolean, IsOptional, IsString, ValidateNested } from 'class-validator';
import { ErrorListItemDto } from '../dto/openapi.dto.js';

export class WSDLEndpointDto {
  @IsOptional() @IsString() name?: string;
  @IsOptional() @IsString() location?: string;
}

export class WSDLSummaryDto {
  @IsOptional() @IsString() version?: string;
  @IsOptional() @IsArray() @ValidateNested({ each: true }) @Type(() => WSDLEndpointDto) endpoints?: WSDLEndpointDto[];
}

export class WSDLValidationResponseDto {
  @IsBoolean() isValid!: boolean;
  @IsOptional() @IsArray() @ValidateNested({ each: true }) @Type(() => ErrorListItemDto) errors?: ErrorListItemDto[];
  @IsOptional() @ValidateNested() @Type(() => WSDLSummaryDto) wsdlInfo?: WSDLSummaryDto;
}

/** Form of POST /apis/validate-wsdl; the file comes with the upload. */
export class ValidateWSDLDefinitionForm {
  @IsOptional() @IsString() url?: string;
  @ApiProperty({ format: 'binary', type: 'string' }) @IsOptional() @Allow() file?: string;
}

/** Form of POST /apis/import-wsdl; the file comes with the upload. */
export class ImportWSDLDefinitionForm {
  @ApiProperty({ format: 'binary', type: 'string' }) @IsOptional() @Allow() file?: string;
  @IsOptional() @IsString() url?: string;
  /** The API to make, as JSON. */
  @IsOptional() @IsString() additionalProperties?: string;
  @ApiProperty({ enum: ['SOAPTOREST', 'SOAP'], default: 'SOAP' }) @IsOptional() @IsString() implementationType?: string;
}

/** Form of PUT /apis/{apiId}/wsdl; the file comes with the upload. */
export class UpdateWSDLForm {
  @ApiProperty({ format: 'binary', type: 'string' }) @IsOptional() @Allow() file?: string;
  @IsOptional() @IsString() url?: string;
}
