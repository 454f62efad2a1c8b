import { createHash, webcrypto } from 'node:crypto';
import { createContext, runInContext } from 'node:vm';
import { FRAME_SCRIPT, frameHeaders, sessionFrame } from './session-frame.js';

const ORIGIN = 'https://portal.example';
const STATE = '3f1c';

const sessionState = (opbs: string, client = 'tool', origin = ORIGIN) =>
  `${createHash('sha256').update(`${client}${origin}${opbs}salt1`).digest('hex')}.salt1`;

interface Browser {
  readonly cookie?: string;
  readonly message: unknown;
  readonly from?: string;
  readonly hasAccess?: boolean;
  readonly isSecure?: boolean;
}

const SILENCE_MS = 50;
const PATIENCE_MS = 5_000;

/** What the frame answers, as a browser would run it; undefined for silence. */
const answerOf = async (
  isSilent: boolean,
  { cookie = `theme=dark; opbs=${STATE}`, message, from = ORIGIN, hasAccess, isSecure = true }: Browser,
) => {
  let listener: ((event: object) => void) | undefined;
  const answers: unknown[] = [];
  const context = createContext({
    document: {
      cookie,
      body: { dataset: { clientId: 'tool', origin: ORIGIN } },
      ...(hasAccess !== undefined && { hasStorageAccess: async () => hasAccess }),
    },
    ...(isSecure && { crypto: webcrypto }),
    TextEncoder,
    addEventListener: (_: string, added: (event: object) => void) => {
      listener = added;
    },
  });
  runInContext(FRAME_SCRIPT, context);
  listener?.({ data: message, origin: from, source: { postMessage: (...answer: unknown[]) => answers.push(answer) } });
  // Hashing takes as long as the machine likes; silence is waited for only where it is expected.
  const end = Date.now() + (isSilent ? SILENCE_MS : PATIENCE_MS);
  while (answers.length === 0 && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(answers.length).toBeLessThanOrEqual(1);
  const [[answer, target] = []] = answers as [unknown, unknown][];
  if (answer !== undefined) expect(target).toBe(ORIGIN);
  return answer;
};

const fine = `tool ${sessionState(STATE)}`;

it.each([
  ['the session is the same', { message: fine }, 'unchanged'],
  ['its hash is in capitals', { message: `tool ${sessionState(STATE).toUpperCase().replace('SALT1', 'salt1')}` }, 'unchanged'],
  ['two cookies have the name, and one fits', { message: fine, cookie: `opbs=old; opbs=${STATE}` }, 'unchanged'],
  ['the session is another', { message: fine, cookie: 'opbs=other' }, 'changed'],
  ['the cookie is gone', { message: fine, cookie: 'theme=dark' }, 'changed'],
  ['the cookie is gone and frames may see cookies', { message: fine, cookie: '', hasAccess: true }, 'changed'],
  ['the browser hides cookies from frames', { message: fine, cookie: '', hasAccess: false }, undefined],
  ['the browser cannot hash', { message: fine, isSecure: false }, undefined],
  ['another page asks', { message: fine, from: 'https://evil.example' }, undefined],
  ['a sandboxed page asks', { message: fine, from: 'null' }, undefined],
  ['the client is another', { message: `other ${sessionState(STATE, 'other')}` }, 'error'],
  ['the origin in the hash is another', { message: `tool ${sessionState(STATE, 'tool', 'https://evil.example')}` }, 'changed'],
  ['the state is missing', { message: 'tool' }, 'error'],
  ['the portal has lost the state', { message: 'tool undefined' }, 'error'],
  ['the state has no salt', { message: `tool ${'a'.repeat(64)}` }, 'error'],
  ['there is more than that', { message: `${fine} x` }, 'error'],
  ['the message is no text', { message: { client: 'tool' } }, 'error'],
] as const)('when %s', async (_, browser, expected) => expect(await answerOf(expected === undefined, browser)).toBe(expected));

it('lets nothing of a request into the page', () => {
  const page = sessionFrame('"><script>alert(1)</script>', ORIGIN);

  expect(page).not.toContain('<script>alert');
  expect(page.match(/<script>/g)).toHaveLength(1);
});

it('may be framed by the client’s origin, and runs its own script only', () => {
  const { 'Content-Security-Policy': policy = '' } = frameHeaders(ORIGIN);

  expect(policy).toContain(`frame-ancestors ${ORIGIN}`);
  expect(policy).toContain(`script-src 'sha256-${createHash('sha256').update(FRAME_SCRIPT).digest('base64')}'`);
  expect(policy).toContain("default-src 'none'");
});
