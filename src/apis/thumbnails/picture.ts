import { found } from '../../domain/problem.js';
import { ThumbnailEmpty, ThumbnailExtension, ThumbnailMismatch, ThumbnailTooLarge, ThumbnailTooWide } from './thumbnails.problems.js';

export type PictureType = 'image/jpeg' | 'image/png' | 'image/gif' | 'image/svg+xml';

export interface Picture {
  readonly mediaType: PictureType;
  readonly content: Buffer;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

const TYPES: ReadonlyMap<string, PictureType> = new Map([
  ['jpg', 'image/jpeg'],
  ['jpeg', 'image/jpeg'],
  ['png', 'image/png'],
  ['gif', 'image/gif'],
  ['svg', 'image/svg+xml'],
]);
export const PICTURE_BYTES_MAX = 1_048_576;
/** A side. Portals show pictures at a few hundred pixels; this one keeps out what only costs memory to unpack. */
const PIXELS_MAX = 4096;

/**
 * An uploaded picture, accepted for what its name and its first bytes say.
 * @throws ThumbnailExtension, ThumbnailEmpty, ThumbnailTooLarge, ThumbnailTooWide (400), ThumbnailMismatch (415).
 */
export const readPicture = (fileName: string, content: Buffer): Picture => {
  const extension = fileName.includes('.') ? (fileName.split('.').at(-1) ?? '').toLowerCase() : '';
  const mediaType = found(TYPES.get(extension), ThumbnailExtension, extension);
  if (content.length === 0) throw ThumbnailEmpty();
  if (content.length > PICTURE_BYTES_MAX) throw ThumbnailTooLarge();
  const detected = typeOf(content);
  if (detected !== mediaType) throw ThumbnailMismatch(extension, detected ?? 'application/octet-stream');
  if (mediaType === 'image/svg+xml') return { mediaType, content };
  // One whose size cannot be read is cut off or no picture at all.
  const { width, height } = found(sizeOf(mediaType, content), ThumbnailMismatch, extension, 'application/octet-stream');
  if (width > PIXELS_MAX || height > PIXELS_MAX) throw ThumbnailTooWide();
  return { mediaType, content };
};

const PNG = Buffer.from('89504e470d0a1a0a', 'hex');

const typeOf = (content: Buffer): PictureType | undefined => {
  if (content.subarray(0, PNG.length).equals(PNG)) return 'image/png';
  if (content.length > 2 && content.readUIntBE(0, 3) === 0xff_d8_ff) return 'image/jpeg';
  if (/^GIF8[79]a$/.test(content.toString('latin1', 0, 6))) return 'image/gif';
  return isSvg(content.toString('utf8')) ? 'image/svg+xml' : undefined;
};

/** What may stand before the root element, with what ends it. A DOCTYPE that declares entities is none of them. */
const PROLOGUE = [
  ['<?', '?>'],
  ['<!--', '-->'],
  ['<!DOCTYPE', '>'],
] as const;

/** Whether the root element is `svg`; in one pass, whatever is sent. */
const isSvg = (text: string): boolean => {
  let at = 0;
  for (;;) {
    const blanks = /[\s\uFEFF]*/y;
    blanks.lastIndex = at;
    blanks.test(text);
    at = blanks.lastIndex;
    const part = PROLOGUE.find(([start]) => text.startsWith(start, at));
    if (part === undefined) break;
    const [start, end] = part;
    const closed = text.indexOf(end, at + start.length);
    if (closed < 0) return false;
    at = closed + end.length;
  }
  const root = /<(?:[\w.-]{1,50}:)?svg[\s/>]/y;
  root.lastIndex = at;
  return root.test(text);
};

const sizeOf = (mediaType: PictureType, content: Buffer): Size | undefined => {
  if (mediaType === 'image/png')
    return content.length < 24 ? undefined : { width: content.readUInt32BE(16), height: content.readUInt32BE(20) };
  if (mediaType === 'image/gif')
    return content.length < 10 ? undefined : { width: content.readUInt16LE(6), height: content.readUInt16LE(8) };
  return jpegSize(content);
};

/** Segments of a frame, whichever way it is coded; the three gaps are tables. */
const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

/** Walks the segments up to the frame, which says the size. */
const jpegSize = (content: Buffer): Size | undefined => {
  let at = 2;
  while (at + 9 <= content.length && content[at] === 0xff) {
    const marker = content[at + 1] ?? 0;
    // Any number of fill bytes may stand before a marker.
    if (marker === 0xff) at += 1;
    else if (isFrame(marker)) return { width: content.readUInt16BE(at + 7), height: content.readUInt16BE(at + 5) };
    else at += 2 + content.readUInt16BE(at + 2);
  }
  return undefined;
};
