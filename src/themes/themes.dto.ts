import { ApiProperty } from '@nestjs/swagger';
import { Allow, IsIn, IsOptional } from 'class-validator';

export const THEME_ACTIONS = ['PUBLISH', 'UNPUBLISH'] as const;
export type ThemeAction = (typeof THEME_ACTIONS)[number];

export class ContentPublishStatusResponseDto {
  id?: string;
  published?: boolean;
}

export class ContentPublishStatusDto {
  @IsOptional() @IsIn(THEME_ACTIONS) action?: ThemeAction;
}

export class ThemeForm {
  @ApiProperty({ type: 'string', format: 'binary' }) @IsOptional() @Allow() file!: string;
}
