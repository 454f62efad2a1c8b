import { ApiProperty } from '@nestjs/swagger';
import { Allow, IsIn, IsOptional, IsString } from 'class-validator';

/** Query flags come as words. */
const FLAGS = ['true', 'false'] as const;
type Flag = (typeof FLAGS)[number];

/** The query of an export. */
export class ExportAPIQuery {
  @IsOptional() @IsString() readonly apiId?: string;
  @IsOptional() @IsString() readonly name?: string;
  @IsOptional() @IsString() readonly version?: string;
  @IsOptional() @IsString() readonly revisionNumber?: string;
  @IsOptional() @IsString() readonly providerName?: string;
  @IsOptional() @IsIn(['JSON', 'YAML'] as const) readonly format?: 'JSON' | 'YAML';
  @IsOptional() @IsIn(FLAGS) readonly preserveStatus?: Flag;
  @IsOptional() @IsIn(FLAGS) readonly latestRevision?: Flag;
  @IsOptional() @IsString() readonly gatewayEnvironment?: string;
  @IsOptional() @IsIn(FLAGS) readonly preserveCredentials?: Flag;
}

/** The query of an import. */
export class ImportAPIQuery {
  @IsOptional() @IsIn(FLAGS) readonly preserveProvider?: Flag;
  @IsOptional() @IsIn(FLAGS) readonly rotateRevision?: Flag;
  @IsOptional() @IsIn(FLAGS) readonly overwrite?: Flag;
  @IsOptional() @IsIn(FLAGS) readonly preservePortalConfigurations?: Flag;
  @IsOptional() @IsIn(FLAGS) readonly dryRun?: Flag;
}

/** The query of an import of a product. */
export class ImportAPIProductQuery {
  @IsOptional() @IsIn(FLAGS) readonly preserveProvider?: Flag;
  @IsOptional() @IsIn(FLAGS) readonly rotateRevision?: Flag;
  @IsOptional() @IsIn(FLAGS) readonly importAPIs?: Flag;
  @IsOptional() @IsIn(FLAGS) readonly overwriteAPIProduct?: Flag;
  @IsOptional() @IsIn(FLAGS) readonly overwriteAPIs?: Flag;
}

/** Form of an import; the archive comes with the files. */
export class ImportAPIForm {
  @ApiProperty({ format: 'binary', type: 'string' }) @IsOptional() @Allow() file!: string;
}

export class ImportAPIResponseDto {
  id?: string;
  /** The number of the revision that was deployed; null where none was. */
  revision?: string;
}
