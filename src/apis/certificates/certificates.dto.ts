import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { Allow, IsOptional, IsString, Length, Matches } from 'class-validator';
import { PaginationDto } from '../../platform/http/page.js';

export class CertificateValidityDto {
  @ApiProperty({ required: false }) from!: string;
  @ApiProperty({ required: false }) to!: string;
}

export class CertificateInfoDto {
  /** `Active` or `Expired`. */
  @ApiProperty({ required: false }) status!: string;
  @ApiProperty({ type: CertificateValidityDto, required: false }) @Type(() => CertificateValidityDto) validity!: CertificateValidityDto;
  @ApiProperty({ required: false }) version!: string;
  @ApiProperty({ required: false }) subject!: string;
}

export class CertMetadataDto {
  @ApiProperty({ required: false }) alias!: string;
  @ApiProperty({ required: false }) endpoint!: string;
}

export class CertificatesDto {
  @ApiProperty({ type: 'integer', required: false }) count!: number;
  @ApiProperty({ type: [CertMetadataDto], required: false }) certificates!: readonly CertMetadataDto[];
  @ApiProperty({ type: PaginationDto, required: false }) pagination!: PaginationDto;
}

export class ClientCertMetadataDto {
  @ApiProperty({ required: false }) alias!: string;
  @ApiProperty({ required: false }) apiId!: string;
  @ApiProperty({ required: false }) tier!: string;
}

export class ClientCertificatesDto {
  @ApiProperty({ type: 'integer', required: false }) count!: number;
  @ApiProperty({ type: [ClientCertMetadataDto], required: false }) certificates!: readonly ClientCertMetadataDto[];
  @ApiProperty({ type: PaginationDto, required: false }) pagination!: PaginationDto;
}

export class APIMetadataDto {
  @ApiProperty({ required: false }) id!: string;
  @ApiProperty({ required: false }) name!: string;
  @ApiProperty({ required: false }) context!: string;
  @ApiProperty({ required: false }) version!: string;
  @ApiProperty({ required: false }) provider!: string;
}

export class APIMetadataListDto {
  @ApiProperty({ type: 'integer', required: false }) count!: number;
  @ApiProperty({ type: [APIMetadataDto], required: false }) list!: readonly APIMetadataDto[];
  @ApiProperty({ type: PaginationDto, required: false }) pagination!: PaginationDto;
}

/** The certificate itself comes with the files, here and below. */
export class AddEndpointCertificateForm {
  @ApiProperty({ format: 'binary', type: 'string' }) @Allow() certificate!: string;
  @Length(1, 30) @Matches(/\S/) alias!: string;
  @IsString() @Matches(/\S/) endpoint!: string;
}

export class UpdateEndpointCertificateForm {
  @ApiProperty({ format: 'binary', type: 'string' }) @Allow() certificate!: string;
}

export class AddClientCertificateForm {
  @ApiProperty({ format: 'binary', type: 'string' }) @Allow() certificate!: string;
  @Length(1, 30) @Matches(/\S/) alias!: string;
  @IsString() tier!: string;
}

export class UpdateClientCertificateForm {
  @ApiProperty({ format: 'binary', type: 'string', required: false }) @Allow() certificate?: string;
  @IsOptional() @IsString() tier?: string;
}
