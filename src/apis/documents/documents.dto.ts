import { ApiProperty } from '@nestjs/swagger';
import { Allow, IsIn, IsOptional, IsString, Length } from 'class-validator';
import { PaginationDto } from '../../platform/http/page.js';
import { ReadOnly } from '../../platform/http/read-only.js';
import {
  DOCUMENT_SOURCE_TYPES,
  DOCUMENT_TYPES,
  DOCUMENT_VISIBILITIES,
  type DocumentSourceType,
  type DocumentVisibility,
} from './document.entity.js';

/** A document of an API. The contract marks `sourceUrl` and `otherTypeName` as read-only by mistake: nothing else could set them. */
export class DocumentDto {
  @ReadOnly() documentId?: string;
  @Length(1, 255) name!: string;
  /** One of these, or of the installation's own. */
  @ApiProperty({ enum: DOCUMENT_TYPES }) @IsString() type!: string;
  @ApiProperty({ type: 'string', required: false }) @IsOptional() @Length(1, 32_766) summary?: string | null;
  @IsIn(DOCUMENT_SOURCE_TYPES) sourceType!: DocumentSourceType;
  @ApiProperty({ required: false, readOnly: true }) @IsOptional() @IsString() sourceUrl?: string;
  @ReadOnly() fileName?: string;
  @IsOptional() @IsString() inlineContent?: string;
  @ApiProperty({ required: false, readOnly: true }) @IsOptional() @IsString() otherTypeName?: string;
  @IsIn(DOCUMENT_VISIBILITIES) visibility!: DocumentVisibility;
  @ReadOnly() createdTime?: string;
  /** Always the one who asks; what is sent is ignored. */
  @IsOptional() @IsString() createdBy?: string;
  @ReadOnly() lastUpdatedTime?: string;
  @ReadOnly() lastUpdatedBy?: string;
}

export class DocumentListDto {
  @ApiProperty({ type: 'integer', required: false }) count!: number;
  @ApiProperty({ type: [DocumentDto], required: false }) list!: readonly DocumentDto[];
  @ApiProperty({ type: PaginationDto, required: false }) pagination!: PaginationDto;
}

/** Either part alone; the file comes with the upload. */
export class AddAPIDocumentContentForm {
  @ApiProperty({ format: 'binary', type: 'string', required: false }) @IsOptional() @Allow() file?: string;
  @IsOptional() @IsString() inlineContent?: string;
}

/** A document as subscribers see it. */
export class DevportalDocumentDto {
  @ApiProperty({ required: false }) documentId!: string;
  name!: string;
  @ApiProperty({ enum: DOCUMENT_TYPES }) type!: string;
  @ApiProperty({ type: 'string', required: false }) summary!: string | null;
  @ApiProperty({ enum: DOCUMENT_SOURCE_TYPES }) sourceType!: DocumentSourceType;
  @ApiProperty({ required: false }) sourceUrl!: string;
  @ApiProperty({ required: false }) otherTypeName!: string;
}

export class DevportalDocumentListDto {
  @ApiProperty({ type: 'integer', required: false }) count!: number;
  @ApiProperty({ type: [DevportalDocumentDto], required: false }) list!: readonly DevportalDocumentDto[];
  @ApiProperty({ type: PaginationDto, required: false }) pagination!: PaginationDto;
}
