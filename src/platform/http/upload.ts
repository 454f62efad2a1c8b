import {
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
  PayloadTooLargeException,
  UseInterceptors,
} from '@nestjs/common';
import { AnyFilesInterceptor, FileFieldsInterceptor } from '@nestjs/platform-express';
import { ApiConsumes } from '@nestjs/swagger';
import multer from 'multer';
import { catchError, type Observable, throwError } from 'rxjs';
import type { ProblemKind } from '../../domain/problem.js';

/** Uploads are read into memory, up to this many bytes a file unless the operation says otherwise; definitions have limits of their own below it. */
const FILE_BYTES_MAX = 11 * 1_048_576;
/** Text fields may carry whole definitions too. */
const FIELD_BYTES_MAX = FILE_BYTES_MAX;

const optionsOf = (fileBytesMax: number) => ({
  storage: multer.memoryStorage(),
  // Names of files: browsers write UTF-8 without saying so.
  defParamCharset: 'utf8',
  limits: { fileSize: fileBytesMax, fieldSize: FIELD_BYTES_MAX, files: 10, fields: 100 },
});

/** Words the refusal of a file that is too large. */
class TooLargeAs implements NestInterceptor {
  constructor(private readonly tooLarge: ProblemKind) {}

  intercept(_: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next
      .handle()
      .pipe(catchError((err: unknown) => throwError(() => (err instanceof PayloadTooLargeException ? this.tooLarge() : err))));
  }
}

const upload = (fields: readonly string[], fileBytesMax: number, tooLarge?: ProblemKind): MethodDecorator =>
  applyDecorators(
    ApiConsumes('multipart/form-data'),
    UseInterceptors(
      ...(tooLarge ? [new TooLargeAs(tooLarge)] : []),
      fields.length > 0
        ? FileFieldsInterceptor(
            fields.map((name) => ({ name, maxCount: 1 })),
            optionsOf(fileBytesMax),
          )
        : AnyFilesInterceptor(optionsOf(fileBytesMax)),
    ),
  );

/** A multipart operation: files of the named fields, in memory, as `@UploadedFiles()`; text fields as the body. */
export const Upload = (...fields: readonly string[]): MethodDecorator => upload(fields, FILE_BYTES_MAX);

/** As {@link Upload} of one file, which is refused while it streams in as soon as it has more bytes than this: with 413, or as the operation words it. */
export const UploadUpTo = (fileBytesMax: number, field: string, tooLarge?: ProblemKind): MethodDecorator =>
  upload([field], fileBytesMax, tooLarge);

/** What {@link Upload} gives for named fields. */
export type UploadedFields = Readonly<Record<string, readonly Express.Multer.File[] | undefined>>;
