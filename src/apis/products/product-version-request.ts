import { IsIn, IsNotEmpty, IsOptional, IsString, Length, Matches } from 'class-validator';

/** The query of a copy. A version obeys the rules it obeys in the product object. */
export class ProductVersionRequest {
  @IsString() @IsNotEmpty() readonly apiProductId!: string;
  @Length(1, 30) @Matches(/^[^~!@#;:%^*()+={}|\\<>"',&/$[\]\s+/]+$/) readonly newVersion!: string;
  @IsOptional() @IsIn(['true', 'false']) readonly defaultVersion?: string;
}
