import type { IncomingMessage } from 'node:http';

/** Bytes of a body that are kept so that it can be sent a second time. A longer one is streamed and sent once. */
export const BUFFERED_BYTES_MAX = 262_144;

/**
 * Reads a body that is to be sent again if need be. Null when it is longer than {@link BUFFERED_BYTES_MAX}: the message can then still be read from its
 * beginning. Also null when the client goes away in the middle.
 */
export const bufferedBody = (source: IncomingMessage): Promise<Buffer | null> =>
  new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const settle = (body: Buffer | null): void => {
      source.off('data', take).off('end', end).off('close', gone).off('error', gone);
      resolve(body);
    };
    const take = (chunk: Buffer): void => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes <= BUFFERED_BYTES_MAX) return;
      source.pause();
      settle(null);
      source.unshift(Buffer.concat(chunks));
    };
    const end = (): void => settle(Buffer.concat(chunks));
    const gone = (): void => settle(null);
    source.on('data', take).on('end', end).on('close', gone).on('error', gone);
  });
