import { createHash } from 'node:crypto';

/** Runs in the frame. It holds nothing of a request: client and origin are attributes of the body, so that its hash is known beforehand. */
export const FRAME_SCRIPT = `(() => {
  const { clientId, origin } = document.body.dataset;
  const MESSAGE = /^([^ ]+) ([0-9a-f]{64})\\.([^ ]+)$/i;
  const states = () => document.cookie.split(';').map((pair) => pair.trim()).filter((pair) => pair.startsWith('opbs=')).map((pair) => pair.slice(5));
  const hash = async (text) => {
    const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  };
  const cookiesAreHidden = async () => document.hasStorageAccess !== undefined && !(await document.hasStorageAccess());
  const judge = async (message) => {
    const [, client, expected, salt] = typeof message === 'string' ? (MESSAGE.exec(message) || []) : [];
    if (client === undefined || client !== clientId) return 'error';
    if (globalThis.crypto === undefined || crypto.subtle === undefined) return undefined;
    const found = states();
    for (const state of found) if ((await hash(client + origin + state + salt)) === expected.toLowerCase()) return 'unchanged';
    return found.length === 0 && (await cookiesAreHidden()) ? undefined : 'changed';
  };
  addEventListener('message', (event) => {
    if (event.origin !== origin || !event.source) return;
    judge(event.data).then((answer) => answer && event.source.postMessage(answer, event.origin), () => undefined);
  });
})();`;

const SCRIPT_HASH = createHash('sha256').update(FRAME_SCRIPT).digest('base64');

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);

/**
 * The frame that tells a client's page whether the user is still signed in (OpenID Connect Session Management §3.2). Pages sign in again when it
 * answers `changed`, so it stays silent where it cannot know: without cryptography, and where the browser hides the cookie from frames.
 */
export const sessionFrame = (clientId: string, origin: string): string =>
  `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Session</title></head>
<body data-client-id="${escaped(clientId)}" data-origin="${escaped(origin)}">
<script>${FRAME_SCRIPT}</script>
</body>
</html>
`;

/** Nothing but the script runs, and only pages of the client's origin may frame it. */
export const frameHeaders = (origin: string): Readonly<Record<string, string>> => ({
  'Content-Security-Policy': `default-src 'none'; script-src 'sha256-${SCRIPT_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors ${origin}`,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
});
