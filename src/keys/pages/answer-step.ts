import type { ServerResponse } from 'node:http';
import type { Step } from '../authorize/authorizations.js';
import { answerPage } from './page.js';
import { formPageOf } from './sign-in-pages.js';

/** Sends the browser on its way; paths of ours get `base` in front. */
export const answerStep = (response: ServerResponse, { departure, cookies }: Step, base: string): void => {
  if (departure.kind === 'form') {
    answerPage(response, 200, formPageOf(departure.action, departure.fields), cookies);
    return;
  }
  if (cookies.length > 0) response.setHeader('Set-Cookie', [...cookies]);
  response.writeHead(302, {
    Location: departure.url.startsWith('/') ? base + departure.url : departure.url,
    'Content-Length': 0,
    'Cache-Control': 'no-store',
    Pragma: 'no-cache',
    'Referrer-Policy': 'no-referrer',
  });
  response.end();
};
