import { createHash, createHmac } from 'node:crypto';

export interface AwsCredentials {
  readonly accessKey: string;
  readonly secretKey: string;
  /** Of a role that was assumed. */
  readonly sessionToken?: string;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';
const EMPTY_HASH = createHash('sha256').update('').digest('hex');

/** The headers that sign a GET without a body (AWS Signature Version 4). */
export const signedHeaders = (
  url: URL,
  { accessKey, secretKey, sessionToken }: AwsCredentials,
  { region, service, now }: { readonly region: string; readonly service: string; readonly now: Date },
): Readonly<Record<string, string>> => {
  const time = now.toISOString().replace(/[-:]|\.\d{3}/g, '');
  const day = time.slice(0, 8);
  const headers: Record<string, string> = {
    host: url.host,
    'x-amz-date': time,
    ...(sessionToken !== undefined && { 'x-amz-security-token': sessionToken }),
  };
  const names = Object.keys(headers).toSorted();
  const request = [
    'GET',
    url.pathname,
    queryOf(url),
    ...names.map((name) => `${name}:${headers[name] ?? ''}`),
    '',
    names.join(';'),
    EMPTY_HASH,
  ].join('\n');
  const scope = `${day}/${region}/${service}/aws4_request`;
  const toSign = [ALGORITHM, time, scope, createHash('sha256').update(request).digest('hex')].join('\n');
  const key = [day, region, service, 'aws4_request'].reduce<string | Buffer>((held, part) => hmac(held, part), `AWS4${secretKey}`);
  const signature = hmac(key, toSign).toString('hex');
  const authorization = `${ALGORITHM} Credential=${accessKey}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
  const { host, ...sent } = headers;
  return { ...sent, authorization };
};

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** Parameters by name, encoded as RFC 3986 has it. */
const queryOf = (url: URL): string =>
  [...url.searchParams]
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .toSorted()
    .join('&');

const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
