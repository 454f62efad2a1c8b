import { ApiProperty } from '@nestjs/swagger';
import { IsOptional, IsString } from 'class-validator';

export class LoggingApiInputDto {
  /** `OFF`, `BASIC`, `STANDARD` or `FULL`, in any letter case. */
  @ApiProperty({ required: true }) @IsOptional() @IsString() logLevel?: string;
  /** With its path: the one resource that is meant; without both it is the API as a whole. */
  @IsOptional() @IsString() resourceMethod?: string;
  @IsOptional() @IsString() resourcePath?: string;
}

export class LoggingApiOutputDto {
  /** Where the API answers at the gateway. */
  context!: string;
  logLevel!: string;
  apiId!: string;
  /** Null for the API as a whole. */
  @ApiProperty({ type: 'string', required: false, nullable: true }) resourceMethod!: string | null;
  @ApiProperty({ type: 'string', required: false, nullable: true }) resourcePath!: string | null;
}

export class LoggingApiOutputListDto {
  @ApiProperty({ type: [LoggingApiOutputDto], required: false }) apis!: readonly LoggingApiOutputDto[];
}
