import {
  type CallCredential,
  type Collection,
  type CollectionBody,
  type CollectionRequest,
  requestsIn,
  templateOf,
} from './postman-collection.js';

/** One call of an operation for a POSIX shell. */
export interface CurlCommand {
  readonly verb: string;
  /** As `/pets/{id}`. */
  readonly target: string;
  readonly command: string;
}

export interface CurlOptions {
  /** Empty for an API that is deployed nowhere: the shell's `BASE_URL` then stands in its place. */
  readonly baseUrl: string;
  readonly credential: CallCredential | undefined;
}

/** The requests of a collection as curl commands; the credential is a variable of the shell, whose name {@link shellVariable} says. */
export const curlCommands = (collection: Collection, options: CurlOptions): readonly CurlCommand[] =>
  requestsIn(collection.item).map((request) => ({
    verb: request.method,
    target: templateOf(request),
    command: commandOf(request, options),
  }));

/** `accessToken` of a collection is `ACCESS_TOKEN` in a shell. */
export const shellVariable = ({ variable }: CallCredential): string => variable.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();

const commandOf = (request: CollectionRequest, { baseUrl, credential }: CurlOptions): string => {
  const isOpen = request.auth?.['type'] === 'noauth';
  const base = baseUrl === '' ? '"$BASE_URL"' : '';
  return [
    `curl -X ${quoted(request.method)} ${base}${quoted(`${baseUrl}${addressOf(request)}`)}`,
    ...(credential === undefined || isOpen ? [] : [`-H "${credential.header}: ${credential.prefix}$${shellVariable(credential)}"`]),
    ...enabled(request.header).map(({ key, value }) => `-H ${quoted(`${key}: ${value ?? ''}`)}`),
    ...bodyOf(request.body),
  ].join(' \\\n  ');
};

const addressOf = ({ url: { path = [], query, variable = [] } }: CollectionRequest): string => {
  const filled = path.map((part) => {
    const parameter = variable.find(({ key }) => part === `:${key}`);
    return parameter === undefined ? part : encodeURIComponent(parameter.value ?? parameter.key);
  });
  const search = enabled(query).map(({ key, value }) => `${encodeURIComponent(key)}=${encodeURIComponent(value ?? '')}`);
  return `/${filled.join('/')}${search.length > 0 ? `?${search.join('&')}` : ''}`;
};

const bodyOf = (body: CollectionBody | undefined): readonly string[] => {
  switch (body?.mode) {
    case 'raw':
      return [`--data-raw ${quoted(body.raw ?? '')}`];
    case 'urlencoded':
      return enabled(body.urlencoded).map(({ key, value }) => `--data-urlencode ${quoted(`${key}=${value ?? ''}`)}`);
    case 'formdata':
      return enabled(body.formdata).map(({ key, value, type }) => `-F ${quoted(`${key}=${type === 'file' ? `@${key}` : (value ?? '')}`)}`);
    case 'file':
      return ["--data-binary '@file'"];
    default:
      return [];
  }
};

const enabled = <T extends { readonly disabled?: boolean }>(parameters: readonly T[] | undefined): readonly T[] =>
  (parameters ?? []).filter(({ disabled }) => disabled !== true);

/** Nothing in it means anything to the shell. */
const quoted = (text: string): string => (/^[\w./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`);
