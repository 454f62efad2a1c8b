import { ApiProperty } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsOptional, Length, Matches, MaxLength } from 'class-validator';
import { ReadOnly } from '../../platform/http/read-only.js';

export const DEPLOYMENT_STATUSES = ['CREATED', 'APPROVED', 'REJECTED'] as const;
export type DeploymentStatus = (typeof DEPLOYMENT_STATUSES)[number];

export class APIRevisionAPIInfoDto {
  id?: string;
}

export class APIRevisionDeploymentDto {
  @IsOptional() @MaxLength(255) revisionUuid?: string;
  /** Name of the environment. */
  @IsOptional() @Length(1, 255) name?: string;
  @IsOptional() @IsIn(DEPLOYMENT_STATUSES) status?: DeploymentStatus = 'CREATED';
  @IsOptional()
  @Length(1, 255)
  @Matches(/^(([a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])\.)*([A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9])$/)
  vhost?: string;
  @IsOptional() @IsBoolean() displayOnDevportal?: boolean = true;
  @ReadOnly({ format: 'date-time', type: 'string' }) deployedTime?: string;
  @ReadOnly({ format: 'date-time', type: 'string', nullable: true }) successDeployedTime?: string | null;
  @ReadOnly({ type: 'integer' }) liveGatewayCount?: number;
  @ReadOnly({ type: 'integer' }) deployedGatewayCount?: number;
  @ReadOnly({ type: 'integer' }) failedGatewayCount?: number;
}

export class APIRevisionDto {
  @ReadOnly() displayName?: string;
  @ReadOnly() id?: string;
  @IsOptional() @MaxLength(255) description?: string;
  @ReadOnly({ format: 'date-time', type: 'string' }) createdTime?: string;
  @ReadOnly() apiInfo?: APIRevisionAPIInfoDto;
  @ReadOnly({ type: [APIRevisionDeploymentDto] }) deploymentInfo?: APIRevisionDeploymentDto[];
}

export class APIRevisionListDto {
  @ApiProperty({ type: 'integer', required: false }) count!: number;
  @ApiProperty({ type: [APIRevisionDto], required: false }) list!: APIRevisionDto[];
}

export class APIRevisionDeploymentListDto {
  @ApiProperty({ type: [APIRevisionDeploymentDto], required: false }) list!: APIRevisionDeploymentDto[];
}
