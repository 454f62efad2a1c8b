import type { ServerResponse } from 'node:http';

/** Answers with JSON that no cache keeps. */
export const answerJson = (
  response: ServerResponse,
  status: number,
  body: object | string,
  headers: Readonly<Record<string, string>> = {},
): void => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
    Pragma: 'no-cache',
    ...headers,
  });
  response.end(text);
};

/** For documents that anyone may read, also scripts of other origins. */
export const PUBLIC_DOCUMENT = { 'Access-Control-Allow-Origin': '*' };

/** Lets scripts of any origin ask: what they may do is decided by the credentials they send, never by a cookie. */
export const answerPreflight = (response: ServerResponse, methods: readonly string[]): void => {
  response.writeHead(204, {
    ...PUBLIC_DOCUMENT,
    'Access-Control-Allow-Methods': methods.join(', '),
    'Access-Control-Allow-Headers': 'authorization, content-type',
    'Access-Control-Max-Age': '3600',
  });
  response.end();
};
