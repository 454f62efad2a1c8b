import { ApiProperty } from '@nestjs/swagger';
import { PaginationDto } from '../../platform/http/page.js';
import { ScopeDto } from '../dto/api-operations.dto.js';

export class ScopeListDto {
  @ApiProperty({ type: 'integer', required: false }) count?: number;
  list?: ScopeDto[];
  pagination?: PaginationDto;
}

export class SharedScopeUsedResourceInfoDto {
  target?: string;
  verb?: string;
}

export class SharedScopeUsedAPIResourceInfoDto {
  target?: string;
  verb?: string;
}

/** The older form of {@link SharedScopeUsageEntityDto}. */
export class SharedScopeUsedAPIInfoDto {
  name!: string;
  context!: string;
  version!: string;
  provider?: string;
  /** Empty for the working copy. */
  revisionID?: string;
  usedResourceList?: SharedScopeUsedAPIResourceInfoDto[];
}

export class SharedScopeUsageEntityDto {
  name!: string;
  context!: string;
  version!: string;
  provider?: string;
  /** Empty for the working copy. */
  revisionId?: string;
  type?: string;
  usedResourceList?: SharedScopeUsedResourceInfoDto[];
}

export class SharedScopeUsageDto {
  id!: string;
  name!: string;
  @ApiProperty({ deprecated: true, required: false, type: [SharedScopeUsedAPIInfoDto] }) usedApiList?: SharedScopeUsedAPIInfoDto[];
  usages?: SharedScopeUsageEntityDto[];
}
