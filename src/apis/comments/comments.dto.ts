import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { PaginationDto } from '../../platform/http/page.js';
import { ReadOnly } from '../../platform/http/read-only.js';

const ENTRY_POINTS = ['devPortal', 'publisher'];

export class CommenterInfoDto {
  firstName?: string;
  lastName?: string;
  fullName?: string;
}

/** Only ever answered. */
export class CommentDto {
  @ReadOnly() id?: string;
  @ApiProperty({ maxLength: 512 }) content!: string;
  @ReadOnly() createdTime?: string;
  @ReadOnly() createdBy?: string;
  @ReadOnly() updatedTime?: string;
  @ReadOnly({ default: 'general' }) category?: string;
  @ReadOnly() parentCommentId?: string;
  /** In upper case, where the contract's words have their own. */
  @ReadOnly({ type: 'string', enum: ENTRY_POINTS }) entryPoint?: string;
  @ApiPropertyOptional({ type: CommenterInfoDto }) commenterInfo?: CommenterInfoDto;
  @ApiPropertyOptional({ type: () => CommentListDto }) replies!: Readonly<CommentListDto>; // the bare class is not there yet when decorators look at it
}

export class CommentListDto {
  @ApiProperty({ type: 'integer', required: false, readOnly: true }) count!: number;
  @ApiProperty({ type: [CommentDto], required: false, readOnly: true }) list!: readonly CommentDto[];
  @ApiProperty({ type: PaginationDto, required: false }) pagination!: PaginationDto;
}

export class PostCommentBodyDto {
  @MaxLength(512) @IsString() content!: string;
  @IsOptional() @IsString() category?: string;
}

/** Null is as good as absent. */
export class PatchCommentBodyDto {
  @IsOptional() @MaxLength(512) @IsString() content?: string;
  @IsOptional() @IsString() category?: string;
}
