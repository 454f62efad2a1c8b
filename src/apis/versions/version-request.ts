import { IsIn, IsNotEmpty, IsOptional, IsString, Length, Matches } from 'class-validator';

/** The query of a copy. A version obeys the rules it obeys in the API object. */
export class VersionRequest {
  @IsString() @IsNotEmpty() readonly apiId!: string;
  @Length(1, 30) @Matches(/^[^~!@#;:%^*()+={}|\\<>"',&/$[\]\s+/]+$/) readonly newVersion!: string;
  @IsOptional() @IsIn(['true', 'false']) readonly defaultVersion?: string;
  @IsOptional() @IsString() readonly serviceVersion?: string;
}
