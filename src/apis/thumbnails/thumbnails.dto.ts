import { ApiProperty } from '@nestjs/swagger';
import { Allow } from 'class-validator';

/** Where an uploaded file is read again. */
export class FileInfoDto {
  relativePath?: string;
  mediaType?: string;
}

/** Form of the upload; the picture comes with the files. */
export class UpdateAPIThumbnailForm {
  @ApiProperty({ format: 'binary', type: 'string' }) @Allow() file!: string;
}
