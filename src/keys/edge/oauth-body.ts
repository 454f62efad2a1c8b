import type { IncomingMessage } from 'node:http';
import { parse } from 'node:querystring';
import { BodyTooLarge, InvalidRequest } from '../oauth-error.js';

/** OAuth parameters; a list where one was given several times. */
export type OAuthParameters = Readonly<Record<string, string | readonly string[]>>;

/** The engine's own limit. */
const BODY_BYTES_MAX = 57_344;
const PARAMETERS_MAX = 200;

/**
 * The parameters of a request: a form or a JSON object, whatever the content type is called otherwise, as clients of the product send both.
 * @throws OAuthError for a body that is no such thing, or is too large
 */
export const readParameters = async (request: IncomingMessage): Promise<OAuthParameters> => {
  const text = await readText(request);
  return /^application\/([\w.-]+\+)?json\b/i.test(request.headers['content-type'] ?? '') ? checked(fromJson(text)) : formParameters(text);
};

/** The parameters of a query or a form. @throws OAuthError */
export const formParameters = (text: string): OAuthParameters => checked(fromForm(text));

const checked = (parameters: OAuthParameters): OAuthParameters => {
  // No name, password or token holds it, and the database cannot compare with it.
  if (
    Object.values(parameters)
      .flat()
      .some((value) => value.includes('\0'))
  )
    throw InvalidRequest('A parameter holds a character that is not allowed.');
  return parameters;
};

const readText = async (request: IncomingMessage): Promise<string> => {
  if (Number(request.headers['content-length'] ?? 0) > BODY_BYTES_MAX) throw BodyTooLarge();
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Not destroyed when we stop half-way: the refusal still has to go out.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) throw BodyTooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};

const fromForm = (text: string): OAuthParameters => {
  const parameters: Record<string, string | readonly string[]> = {};
  for (const [name, value] of Object.entries(parse(text, '&', '=', { maxKeys: PARAMETERS_MAX })))
    if (value !== undefined) parameters[name] = value;
  return parameters;
};

const fromJson = (text: string): OAuthParameters => {
  if (text.trim() === '') return {};
  const value = parsed(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw Malformed();
  const parameters: Record<string, string> = {};
  for (const [name, member] of Object.entries(value)) {
    if (member === null) continue;
    if (typeof member === 'object') throw InvalidRequest(`The parameter ${name} must be a text.`);
    parameters[name] = String(member);
  }
  return parameters;
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw Malformed();
  }
};

const Malformed = () => InvalidRequest('Malformed request body.');

/** One parameter's value. @throws OAuthError when it was given several times */
export const single = (parameters: OAuthParameters, name: string): string | undefined => {
  const value = parameters[name];
  if (value === undefined || typeof value === 'string') return value;
  throw InvalidRequest(`The parameter ${name} must not be given more than once.`);
};
