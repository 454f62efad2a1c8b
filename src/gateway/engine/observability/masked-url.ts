const MASK = '***';
/** Names of parameters that hold credentials, in lower case and without `-` and `_`. */
const SECRET =
  /key$|token|secret|password|passwd|passphrase|assertion|authorization|credential|signature|^(?:code|pin|otp|sig|auth|jwt|samlresponse)$/;

/** A request target without the credentials in its query: their values are masked, their names stay. */
export const maskedUrl = (url: string): string => {
  const query = url.indexOf('?');
  if (query < 0) return url;
  return `${url.slice(0, query)}?${maskedQuery(url.slice(query + 1))}`;
};

const maskedQuery = (query: string): string => query.split('&').map(maskedParameter).join('&');

const maskedParameter = (parameter: string): string => {
  const equals = parameter.indexOf('=');
  if (equals < 0) return parameter;
  const name = parameter.slice(0, equals);
  return SECRET.test(plain(name)) ? `${name}=${MASK}` : parameter;
};

/** The name as a backend would read it, however it is spelled. */
const plain = (name: string): string => {
  let decoded = name;
  try {
    decoded = decodeURIComponent(name);
  } catch {
    // A broken escape is read by its letters.
  }
  return decoded.toLowerCase().replaceAll(/[-_+ ]/g, '');
};
