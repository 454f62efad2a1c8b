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
