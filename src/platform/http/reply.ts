import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { StreamableFile } from '@nestjs/common';

/** An answer whose status is not the usual one, or that carries headers; a plain return value is 200. */
export class Reply<T = unknown> {
  constructor(
    readonly status: number,
    readonly body?: T | StreamableFile,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {}
}

/** 201 with the `Location` of what was made, as a path below the API's base. */
export const created = <T>(location: string, body: T): Reply<T> => new Reply(201, body, { Location: location });

/** A body as a compressed attachment, for clients that ask for `application/gzip`. */
export const gzipReply = async <T>(body: T): Promise<Reply<T>> =>
  new Reply<T>(200, new StreamableFile(await promisify(gzip)(JSON.stringify(body))), {
    'Content-Type': 'application/json',
    'Content-Encoding': 'gzip',
    'Content-Disposition': 'attachment',
  });

/** Text that is already serialized, such as a stored definition. */
export const textReply = (mediaType: string, text: string, status = 200): Reply<string> =>
  new Reply(status, text, { 'Content-Type': mediaType });
