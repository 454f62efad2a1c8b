const HEADER = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');

/** The beginning of a PNG of this many pixels a side: as much of one as the server looks at. */
export const png = (pixels = 2): Buffer => {
  const content = Buffer.alloc(64);
  HEADER.copy(content);
  content.writeUInt32BE(pixels, 16);
  content.writeUInt32BE(pixels, 20);
  return content;
};
