import { ApiProperty } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import { IsArray, IsObject, IsOptional, IsString, ValidateNested } from 'class-validator';

export class CorrelationComponentPropertyDto {
  @IsOptional() @IsString() name?: string;
  @IsOptional() @IsArray() @IsString({ each: true }) value?: string[];
}

export class CorrelationComponentDto {
  @IsOptional() @IsString() name?: string;
  /** `true` or `false`; the value itself is taken as well as its name. */
  @ApiProperty({ type: 'string', required: false })
  @Transform(({ value }) => (typeof value === 'boolean' ? String(value) : value))
  @IsOptional()
  @IsString()
  enabled?: string;
  @IsOptional()
  @IsArray()
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => CorrelationComponentPropertyDto)
  properties?: CorrelationComponentPropertyDto[];
}

export class CorrelationComponentsListDto {
  @IsOptional()
  @IsArray()
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => CorrelationComponentDto)
  components?: CorrelationComponentDto[];
}
