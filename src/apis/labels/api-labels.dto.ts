import { IsArray, IsOptional, IsString } from 'class-validator';

export class RequestLabelListDto {
  /** Ids of labels. */
  @IsOptional() @IsArray() @IsString({ each: true }) labels?: string[];
}
