import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { Html, html } from './html.js';
import { PAGE_STYLE } from './page-style.js';

export interface Page {
  readonly title: string;
  /** Whose page it is: the tenant, where it is not the super tenant. */
  readonly owner: string | undefined;
  readonly content: Html;
  /** The one script of a page that has one. */
  readonly script?: string;
}

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const STYLE_HASH = hashOf(PAGE_STYLE);

const GATE = html`<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="M4 21V10a8 8 0 0 1 16 0v11"/><path d="M2 21h20"/><path d="M9 21V11a3 3 0 0 1 6 0v10"/></svg>`;

const documentOf = ({ title, owner, content, script }: Page): string =>
  html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>${new Html(PAGE_STYLE)}</style>
</head>
<body>
<header>${GATE}<span>Gatehouse${owner === undefined ? undefined : html` · ${owner}`}</span></header>
<main>
${content}
</main>
${script === undefined ? undefined : html`<script>${new Html(script)}</script>`}
</body>
</html>
`.text;

/**
 * Sends a page that nobody may frame, keep or script. Where forms may be posted to is left open: browsers apply `form-action` to every redirect
 * that follows the form, and these lead to the client and on to wherever it leads.
 */
export const answerPage = (response: ServerResponse, status: number, page: Page, cookies: readonly string[] = []): void => {
  const body = documentOf(page);
  const script = page.script === undefined ? '' : ` script-src ${hashOf(page.script)};`;
  if (cookies.length > 0) response.setHeader('Set-Cookie', [...cookies]);
  response.writeHead(status, {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    Pragma: 'no-cache',
    'Content-Security-Policy': `default-src 'none'; style-src ${STYLE_HASH};${script} base-uri 'none'; frame-ancestors 'none'`,
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
  });
  response.end(body);
};
