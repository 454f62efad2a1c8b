import type { AuthorizationParameters } from './authorization-parameters.js';
import { responseModeOf } from './authorization-parameters.js';

/** Where the browser goes next: to a URL, or, with `response_mode=form_post`, by a form that it posts. */
export type Departure =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'form'; readonly action: string; readonly fields: Readonly<Record<string, string>> };

/** The client's answer in the way it asked for; the redirect URI was checked before. */
export const redirectBack = (parameters: AuthorizationParameters, answer: Readonly<Record<string, string>>): Departure => {
  const { redirect_uri: action = '', state } = parameters;
  const fields = { ...answer, ...(state === undefined ? {} : { state }) };
  const mode = responseModeOf(parameters);
  if (mode === 'form_post') return { kind: 'form', action, fields };
  const url = new URL(action);
  if (mode === 'fragment') url.hash = new URLSearchParams(fields).toString();
  else for (const [name, value] of Object.entries(fields)) url.searchParams.set(name, value);
  return { kind: 'url', url: url.href };
};

/** What the engine answered, in the way the client asked for. */
export const departureOf = (parameters: AuthorizationParameters, location: string): Departure => {
  if (responseModeOf(parameters) !== 'form_post') return { kind: 'url', url: location };
  const fields = Object.fromEntries(new URLSearchParams(new URL(location).hash.slice(1)));
  return { kind: 'form', action: parameters['redirect_uri'] ?? '', fields };
};

/** Schemes that a browser would run rather than open. */
const RUN = new Set(['javascript:', 'data:', 'vbscript:', 'blob:', 'file:']);

/** Whether the text is a redirect URI at all: absolute, without a fragment (RFC 6749 §3.1.2), and nothing that a browser runs. */
export const isRedirectUri = (text: string): boolean => {
  const url = URL.parse(text);
  return url !== null && !text.includes('#') && !RUN.has(url.protocol) && !hasControl(text);
};

const hasControl = (text: string): boolean => [...text].some((character) => character <= ' ' || character === '\u007f');
