import type { Parameters } from './flows.js';

/** Reads the parameters of an attachment when its API is deployed. The publisher checked them; nothing here trusts that. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what a header's value must not hold.
const NOT_IN_A_VALUE = /[\u0000-\u0008\u000a-\u001f\u007f]|[^\u0000-\u00ff]/;

export const textOf = (parameters: Parameters, name: string): string => {
  const value = parameters[name];
  if (typeof value === 'string' && value !== '') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new Error(`'${name}' is missing`);
};

/** The name of a header, as given. */
export const headerNameOf = (parameters: Parameters): string => {
  const name = textOf(parameters, 'headerName').trim();
  if (!TOKEN.test(name)) throw new Error(`'${name}' is no name of a header`);
  return name;
};

export const headerValueOf = (parameters: Parameters): string => {
  const value = textOf(parameters, 'headerValue');
  if (NOT_IN_A_VALUE.test(value))
    throw new Error(`the value of '${textOf(parameters, 'headerName')}' holds characters that no header may hold`);
  return value;
};

/** Whether a switch is on: `true`, or its text in whatever letters, as the publisher takes them. */
export const isOn = (parameters: Parameters, name: string): boolean => String(parameters[name]).toLowerCase() === 'true';

/** A parameter as text, or what stands for it where it is left out. */
export const textOr = (parameters: Parameters, name: string, usual: string): string => {
  const value = parameters[name];
  return value === undefined || value === null || value === '' ? usual : textOf(parameters, name);
};

/** A whole number between 1 and `max`; `usual` where it is left out. */
export const countOf = (parameters: Parameters, name: string, usual: number, max: number): number => {
  const text = textOr(parameters, name, String(usual));
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 1 || count > max) throw new Error(`'${name}' is no number between 1 and ${max}`);
  return count;
};
