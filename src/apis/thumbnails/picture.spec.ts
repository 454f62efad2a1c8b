import { readPicture } from './picture.js';
import { ThumbnailEmpty, ThumbnailExtension, ThumbnailMismatch, ThumbnailTooLarge, ThumbnailTooWide } from './thumbnails.problems.js';

const png = (width: number, height: number): Buffer => {
  const content = Buffer.alloc(33);
  Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex').copy(content);
  content.writeUInt32BE(width, 16);
  content.writeUInt32BE(height, 20);
  return content;
};

const gif = (width: number, height: number): Buffer => {
  const content = Buffer.concat([Buffer.from('GIF89a'), Buffer.alloc(7)]);
  content.writeUInt16LE(width, 6);
  content.writeUInt16LE(height, 8);
  return content;
};

/** With a table and a comment before the frame, and fill bytes between them. */
const jpeg = (width: number, height: number): Buffer => {
  const frame = Buffer.from('ffc000110800000000030122000211010311', 'hex');
  frame.writeUInt16BE(height, 5);
  frame.writeUInt16BE(width, 7);
  return Buffer.concat([Buffer.from('ffd8ffe000044142ffffffc4000441', 'hex'), Buffer.from('42', 'hex'), frame]);
};

const svg = (text: string): Buffer => Buffer.from(text);

describe('readPicture', () => {
  it.each([
    ['a.png', png(20, 10), 'image/png'],
    ['a.PNG', png(4096, 4096), 'image/png'],
    ['a.b.jpg', jpeg(20, 10), 'image/jpeg'],
    ['a.jpeg', jpeg(20, 10), 'image/jpeg'],
    ['a.gif', gif(20, 10), 'image/gif'],
    ['a.svg', svg('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'image/svg+xml'],
    ['a.svg', svg('\uFEFF<?xml version="1.0"?>\n<!-- <b> --><!DOCTYPE svg>\n<s:svg xmlns:s="x"></s:svg>'), 'image/svg+xml'],
  ])('accepts %s', (name, content, mediaType) => expect(readPicture(name, content)).toEqual({ mediaType, content }));

  it.each([
    ['a.png', png(4097, 1)],
    ['a.png', png(1, 4097)],
    ['a.gif', gif(5000, 1)],
    ['a.jpg', jpeg(5000, 1)],
    ['a.jpg', jpeg(1, 5000)],
  ])('refuses a %s with too many pixels', (name, content) => expect(() => readPicture(name, content)).toThrow(ThumbnailTooWide()));

  it.each([
    ['a.txt', 'txt'],
    ['png', ''],
    ['a.', ''],
    ['a.png.exe', 'exe'],
  ])('refuses the name %s', (name, extension) => expect(() => readPicture(name, png(1, 1))).toThrow(ThumbnailExtension(extension)));

  it.each([
    ['a.png', gif(1, 1), 'png', 'image/gif'],
    ['a.jpg', png(1, 1), 'jpg', 'image/png'],
    ['a.gif', Buffer.from('text'), 'gif', 'application/octet-stream'],
    ['a.png', png(1, 1).subarray(0, 20), 'png', 'application/octet-stream'],
    ['a.jpg', jpeg(1, 1).subarray(0, 16), 'jpg', 'application/octet-stream'],
    ['a.svg', svg('<html><svg/></html>'), 'svg', 'application/octet-stream'],
    ['a.svg', svg('<!-- <svg/>'), 'svg', 'application/octet-stream'],
    ['a.svg', svg('<!DOCTYPE svg [<!ENTITY a "b">]><svg/>'), 'svg', 'application/octet-stream'],
  ])('refuses %s with other content', (name, content, extension, detected) =>
    expect(() => readPicture(name, content)).toThrow(ThumbnailMismatch(extension, detected)));

  it('refuses an empty one', () => expect(() => readPicture('a.png', Buffer.alloc(0))).toThrow(ThumbnailEmpty()));

  it('takes one megabyte and no byte more', () => {
    const whole = Buffer.concat([png(1, 1), Buffer.alloc(1_048_576 - 33)]);

    expect(readPicture('a.png', whole).content).toHaveLength(1_048_576);
    expect(() => readPicture('a.png', Buffer.concat([whole, Buffer.alloc(1)]))).toThrow(ThumbnailTooLarge());
  });
});
