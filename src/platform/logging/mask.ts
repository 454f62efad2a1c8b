/** What stands in a log line instead of a secret. */
export const MASK = '[masked]';

/** Names of fields that hold secrets, however they are spelled: `clientSecret`, `client_secret`, `Proxy-Authorization`. */
const SECRET_NAME =
  /pass(?:word|wd|phrase)|^pwd$|secret|authorization|cookie|credential|assertion|verifier|(?:api|private|signing|encryption|access|account|master|hmac|subscription|functions?)key|^(?:code|pin|otp|parameters)$|^(?:.*(?:access|refresh|id|subject|actor|bearer|api|session|internal|sas|registration|security|webhook|personal|device|csrf|service|user|client))?tokens?$/;

/** Secrets by their look, wherever they stand in a text. */
const SECRET_TEXT: readonly (readonly [RegExp, string])[] = [
  // A JWT: two parts of it tell who somebody is, the third makes it one's own.
  [/\beyJ[\w-]{5,}(?:\.[\w-]+){1,4}/g, MASK],
  [/\b(Basic|Bearer)(\s+)[\w.~+/=-]{6,}/gi, `$1$2${MASK}`],
  // Credentials of a URL, and parameters of a query or a form.
  [/(:\/\/)[^\s/@"'\\]+@/g, `$1${MASK}@`],
  [
    /\b((?:[\w.-]{0,40}(?:pass(?:word|wd|phrase)|secret|token|assertion|credential|(?:api|subscription|access|account|private|shared|functions?)[-_.]?key)|pwd|key|code|pin|otp|sig|code_verifier)=)[^&\s"'\\]+/gi,
    `$1${MASK}`,
  ],
  // Fields of JSON in the middle of a text.
  [
    /("[^"\\]{0,40}(?:pass(?:word|wd|phrase)|secret|authorization|credential|(?:api|access|account|private|shared)[-_ ]?key|tokens?")[^"\\:]{0,40}"?\s{0,9}:\s{0,9})"(?:[^"\\]|\\.)*"?/gi,
    `$1"${MASK}"`,
  ],
  [/\bv[12]:(?:[0-9a-f]{8}:)?[\w-]{38,}/g, MASK],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/gs, MASK],
];

const DEPTH_MAX = 6;
/** Longer texts of errors are cut: they hold somebody's input, and looking through it takes time. */
const ERROR_TEXT_MAX = 4_000;
const ERROR_FIELDS = [
  'code',
  'errno',
  'syscall',
  'address',
  'port',
  'status',
  'statusCode',
  'constraint',
  'table',
  'column',
  'severity',
] as const;

/** A text without what looks like a secret. */
export const masked = (text: string): string =>
  SECRET_TEXT.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), text);

export const isSecretName = (name: string): boolean => SECRET_NAME.test(name.toLowerCase().replace(/[-_.]/g, ''));

/** Fields for a log line, without secrets at any depth. Errors keep what tells where and why, not what they carry along: parameters, rows, requests. */
export const maskedFields = (value: unknown, depth = 0): unknown => {
  if (typeof value === 'string') return masked(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Error) return errorFields(value, depth);
  if (value instanceof Date) return value;
  if (depth >= DEPTH_MAX || Buffer.isBuffer(value)) return '[…]';
  if (Array.isArray(value)) return value.map((item) => maskedFields(item, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, isSecretName(name) ? MASK : maskedFields(item, depth + 1)]));
};

const errorFields = (err: Error, depth: number): object => {
  const facts = ERROR_FIELDS.flatMap((name): [string, unknown][] => {
    const value: unknown = Reflect.get(err, name);
    return typeof value === 'string' || typeof value === 'number' ? [[name, value]] : [];
  });
  const { cause } = err;
  const message = withoutQuotedInput(err.message);
  return {
    type: err.name,
    message,
    stack: withoutQuotedInput(err.stack ?? ''),
    ...Object.fromEntries(facts),
    ...(cause instanceof Error && depth < DEPTH_MAX && { cause: errorFields(cause, depth + 1) }),
  };
};

/** Parsers and the database quote what they could not read, whatever it was. */
const withoutQuotedInput = (text: string): string =>
  masked(
    text
      .slice(0, ERROR_TEXT_MAX)
      .replace(/("|… ?|\.\.\.)[^\n]*?(?:"|… ?|\.\.\.)+( is not valid JSON)/g, `${MASK}$2`)
      .replace(/(invalid input (?:syntax|value)[^\n:]*: )"[^\n]*"/g, `$1${MASK}`),
  );
