import { ApiProperty } from '@nestjs/swagger';
import { PaginationDto } from '../platform/http/page.js';
import { ACCESS, type Access } from './declared-resource.js';

/** Something that the management port serves. */
export class ResourceDto {
  method!: string;
  /** With its parameters in braces. */
  path!: string;
  /**
   * Who may call it by its own declaration: anybody, whoever the request itself shows to be entitled, a user, or whoever has a credential of the resource's
   * own kind.
   */
  @ApiProperty({ enum: ACCESS }) access!: Access;
  /** Any one of them opens it to a user; none: every user, or what the resource says. */
  @ApiProperty({ type: [String] }) scopes!: readonly string[];
  /** The entry of `resource.access_control` that is about it. */
  @ApiProperty({ type: String, nullable: true }) rule!: string | null;
}

export class ResourceListDto {
  @ApiProperty({ type: 'integer' }) count!: number;
  @ApiProperty({ type: [ResourceDto] }) list!: readonly ResourceDto[];
  pagination!: PaginationDto;
}
