import { ApiProperty } from '@nestjs/swagger';
import { Allow, IsObject, IsOptional, IsString } from 'class-validator';

export class ExportThrottlePolicyDto {
  @IsOptional() @IsString() type?: string;
  @IsOptional() @IsString() subtype?: string;
  @IsOptional() @IsString() version?: string;
  @IsOptional() @IsObject() data?: object;
}

export class ImportThrottlePolicyForm {
  @ApiProperty({ format: 'binary', type: 'string' }) @Allow() file!: string;
}
