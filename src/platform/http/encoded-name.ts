const BASE64URL = /^[\w-]+={0,2}$/;

/** The name behind a path segment in base64url, padded or not; undefined for what is no such thing or could never be stored. */
export const decodedName = (encoded: string): string | undefined => {
  if (!BASE64URL.test(encoded)) return undefined;
  const name = Buffer.from(encoded, 'base64url').toString('utf8');
  return name.includes('\0') ? undefined : name;
};
