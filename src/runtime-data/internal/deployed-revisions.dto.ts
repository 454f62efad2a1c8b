import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsInt,
  IsObject,
  IsOptional,
  Length,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';

const INT_MAX = 2_147_483_647;
const ENVIRONMENTS_MAX = 1_000;
/** Labels of letters, digits and hyphens, with dots between them. */
const HOST = /^[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?)*$/;

export class DeployedEnvInfoDto {
  @Length(1, 255) name!: string;
  /** Left out: whichever the deployment has. */
  @IsOptional() @Length(1, 255) @Matches(HOST) vhost?: string;
}

export class DeployedAPIRevisionDto {
  @Length(1, 255) apiId!: string;
  /** The number of the revision, not its id. */
  @IsInt() @Min(1) @Max(INT_MAX) revisionId!: number;
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(ENVIRONMENTS_MAX)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => DeployedEnvInfoDto)
  envInfo!: DeployedEnvInfoDto[];
}

export class UnDeployedAPIRevisionDto {
  @Length(1, 255) apiUUID!: string;
  @Length(1, 255) revisionUUID!: string;
  @Length(1, 255) environment!: string;
}
