import { applyDecorators, UseInterceptors } from '@nestjs/common';
import { AnyFilesInterceptor, FileFieldsInterceptor } from '@nestjs/platform-express';
import { ApiConsumes } from '@nestjs/swagger';
import multer from 'multer';

/** Uploads are read into memory, up to this many bytes a file; definitions have limits of their own below it. */
const FILE_BYTES_MAX = 11 * 1_048_576;
/** Text fields may carry whole definitions too. */
const FIELD_BYTES_MAX = FILE_BYTES_MAX;

const OPTIONS = {
  storage: multer.memoryStorage(),
  // Names of files: browsers write UTF-8 without saying so.
  defParamCharset: 'utf8',
  limits: { fileSize: FILE_BYTES_MAX, fieldSize: FIELD_BYTES_MAX, files: 10, fields: 100 },
};

/** A multipart operation: files of the named fields, in memory, as `@UploadedFiles()`; text fields as the body. */
export const Upload = (...fields: readonly string[]): MethodDecorator =>
  applyDecorators(
    ApiConsumes('multipart/form-data'),
    UseInterceptors(
      fields.length > 0
        ? FileFieldsInterceptor(
            fields.map((name) => ({ name, maxCount: 1 })),
            OPTIONS,
          )
        : AnyFilesInterceptor(OPTIONS),
    ),
  );

/** What {@link Upload} gives for named fields. */
export type UploadedFields = Readonly<Record<string, readonly Express.Multer.File[] | undefined>>;
