import { MediationError } from './message.js';

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what a header's value must not hold.
const NOT_IN_A_VALUE = /[\u0000-\u0008\u000a-\u001f\u007f]|[^\u0000-\u00ff]/;

/** @throws MediationError for a header that cannot be sent. */
export const checkHeader = (name: string, value: string): void => {
  if (!TOKEN.test(name)) throw new MediationError('0', `'${name.slice(0, 100)}' is no name of a header`);
  if (NOT_IN_A_VALUE.test(value))
    throw new MediationError('0', `The value of the header '${name}' holds characters that no header may hold`);
};
