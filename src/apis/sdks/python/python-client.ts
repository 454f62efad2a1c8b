import type {
  ClientBody,
  ClientContent,
  ClientDefinition,
  ClientOperation,
  ClientParameter,
  ParameterPlace,
} from '../client-definition.js';
import { pascalCase } from '../identifiers.js';
import { docstring, indented, literal, PythonNames } from './python-text.js';
import { type PythonTypes, union, withModels } from './python-types.js';

/** Names within a method, and of the client itself. */
const RESERVED_PARAMETERS = ['self', 'body', 'timeout', 'headers'];
const RESERVED_METHODS = ['self', 'models', 'init'];
const PLACES: readonly ParameterPlace[] = ['path', 'query', 'header', 'cookie'];

/** What a method is called, for the documentation. */
export interface PythonMethod {
  readonly name: string;
  readonly operation: ClientOperation;
  /** As it is called: the arguments that must be there. */
  readonly example: string;
}

export interface PythonClient {
  readonly text: string;
  readonly methods: readonly PythonMethod[];
}

interface Argument {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly description?: string | undefined;
}

export interface Security {
  readonly tokenHeader: string;
  readonly keyHeader: string | undefined;
}

/** The class `Client`: a method for each operation. */
export const pythonClient = (definition: ClientDefinition, types: PythonTypes, security: Security): PythonClient => {
  const names = new PythonNames(RESERVED_METHODS);
  const methods = Object.entries(definition.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([verb, operation]) =>
      methodOf({ verb, path, operation, types, name: names.take(operation.operationId, 'operation') }),
    ),
  );
  const [server] = definition.servers;
  return {
    text: [head(definition.info.title, server?.url, security), ...methods.map(({ lines }) => indented(lines).join('\n'))]
      .join('\n\n')
      .concat('\n'),
    methods,
  };
};

const head = (title: string, url: string | undefined, { tokenHeader, keyHeader }: Security): string => {
  const address = url === undefined ? 'base_url: str' : `base_url: str = ${literal(url)}`;
  return `${[
    ...docstring([`Client of ${title}.`], ''),
    '',
    'from __future__ import annotations',
    '',
    'import ssl',
    'from typing import Any, Callable, Literal, Mapping, Optional, Union',
    '',
    'from . import models',
    'from ._http import Transport, Upload',
    '',
    '',
    'class Client:',
    ...docstring([`Calls ${title}. It keeps no connection open, and threads may share it.`], '    '),
    '',
    '    def __init__(',
    '        self,',
    `        ${address},`,
    '        *,',
    '        access_token: str | Callable[[], str] | None = None,',
    '        api_key: str | Callable[[], str] | None = None,',
    '        headers: Mapping[str, str] | None = None,',
    '        timeout: float = 30.0,',
    '        ssl_context: ssl.SSLContext | None = None,',
    '    ) -> None:',
    ...docstring(
      [
        'A client.',
        'base_url: where the API is.\naccess_token: sent with every secured operation, or a function that gives it.\napi_key: the same for an API key.\nheaders: sent with every request.\ntimeout: seconds without an answer after which a call fails.\nssl_context: how the certificate of the server is checked.',
      ],
      '        ',
    ),
    '        self._transport = Transport(',
    '            base_url,',
    '            access_token=access_token,',
    '            api_key=api_key,',
    '            headers=headers,',
    '            timeout=timeout,',
    '            ssl_context=ssl_context,',
    `            token_header=${literal(tokenHeader)},`,
    `            key_header=${keyHeader === undefined ? 'None' : literal(keyHeader)},`,
    '        )',
  ].join('\n')}`;
};

interface MethodParts {
  readonly verb: string;
  readonly path: string;
  readonly name: string;
  readonly operation: ClientOperation;
  readonly types: PythonTypes;
}

const methodOf = ({ verb, path, name, operation, types }: MethodParts): PythonMethod & { readonly lines: readonly string[] } => {
  const place = pascalCase(operation.operationId);
  const names = new PythonNames(RESERVED_PARAMETERS);
  const parameters = operation.parameters.map((parameter) => ({
    parameter,
    argument: argumentOf(parameter, names.take(parameter.name, 'parameter'), types, place),
  }));
  const [media, body] = bodyOf(operation.requestBody, types, place);
  const inPath = parameters.filter(({ parameter }) => parameter.in === 'path').map(({ argument }) => argument);
  const byName = [...parameters.filter(({ parameter }) => parameter.in !== 'path').map(({ argument }) => argument), ...body];
  const needed = [...inPath.map((one) => one.name), ...byName.filter((one) => one.required).map((one) => `${one.name}=...`)];
  return {
    ...{ name, operation, example: `${name}(${needed.join(', ')})` },
    lines: [
      `def ${name}(`,
      '    self,',
      ...inPath.map((argument) => `    ${declared(argument)},`),
      '    *,',
      ...byName.map((argument) => `    ${declared(argument)},`),
      '    headers: Optional[Mapping[str, str]] = None,',
      '    timeout: Optional[float] = None,',
      `) -> ${answerOf(operation, types, place)}:`,
      ...docstring(documentation(operation, [...inPath, ...byName]), '    '),
      '    return self._transport.call(',
      `        ${literal(verb.toUpperCase())},`,
      `        ${literal(path)},`,
      ...PLACES.flatMap((one) => {
        const here = parameters.filter(({ parameter }) => parameter.in === one);
        return here.length === 0 ? [] : [`        ${one}=[`, ...here.map((entry) => `            ${sent(entry)},`), '        ],'];
      }),
      ...(media === undefined ? [] : ['        body=body,', `        media_type=${literal(media)},`]),
      `        accept=${literal(acceptOf(operation))},`,
      `        secured=${operation.security.length > 0 ? 'True' : 'False'},`,
      '        headers=headers,',
      '        timeout=timeout,',
      '    )',
    ],
  };
};

const argumentOf = (
  { schema, required, description, in: where, name: wire }: ClientParameter,
  name: string,
  types: PythonTypes,
  place: string,
): Argument => ({
  ...{ name, required, type: inClient(types.type(schema, `${place} ${name}`)) },
  description: description ?? (where === 'path' || name === wire ? undefined : wire),
});

const declared = ({ name, type, required }: Argument): string => {
  if (required) return `${name}: ${type}`;
  return `${name}: ${type === 'Any' || type.startsWith('Optional[') ? type : `Optional[${type}]`} = None`;
};

const sent = ({ parameter, argument }: { readonly parameter: ClientParameter; readonly argument: Argument }): string =>
  `(${literal(parameter.name)}, ${argument.name}, ${literal(parameter['x-rest'] ? 'rest' : parameter.style)}, ${parameter.explode ? 'True' : 'False'})`;

/** The media type that is sent, JSON or a form if there is a choice. */
const bodyOf = (
  body: ClientBody | undefined,
  types: PythonTypes,
  place: string,
): readonly [media: string | undefined, argument: readonly Argument[]] => {
  if (body === undefined) return [undefined, []];
  const media = Object.keys(body.content);
  const preferred =
    media.find(isJson) ?? media.find((type) => type === 'multipart/form-data') ?? media.find((type) => type.includes('form')) ?? media[0];
  if (preferred === undefined) return [undefined, []];
  const type = isStructured(preferred) ? inClient(types.type(body.content[preferred]?.schema ?? {}, `${place} body`)) : 'Union[bytes, str]';
  return [preferred, [{ name: 'body', type, required: body.required, description: body.description }]];
};

const answerOf = ({ responses }: ClientOperation, types: PythonTypes, place: string): string => {
  const successes = Object.entries(responses).filter(([status]) => status.startsWith('2'));
  const counted = successes.length > 0 ? successes : Object.entries(responses).filter(([status]) => status === 'default');
  if (counted.length === 0) return 'Any';
  return union(counted.flatMap(([, { content }]) => (content === undefined ? ['None'] : contentTypes(content, types, place))));
};

const contentTypes = (content: ClientContent, types: PythonTypes, place: string): readonly string[] =>
  Object.entries(content).map(([media, { schema }]) => {
    if (isJson(media)) return inClient(types.type(schema, `${place} answer`));
    return media.startsWith('text/') ? 'str' : 'bytes';
  });

const acceptOf = ({ responses }: ClientOperation): string =>
  [...new Set(Object.values(responses).flatMap(({ content }) => Object.keys(content ?? {})))].join(', ') || '*/*';

const documentation = (
  { summary, description, deprecated }: ClientOperation,
  all: readonly Argument[],
): readonly (string | undefined)[] => {
  const described = all.flatMap(({ name, description: text }) => (text === undefined ? [] : [`${name}: ${text.replaceAll('\n', ' ')}`]));
  return [
    ...(deprecated ? ['Deprecated.'] : []),
    summary,
    description === summary ? undefined : description,
    described.length > 0 ? described.join('\n') : undefined,
    'Raises ApiError for an answer that is no success.',
  ];
};

const isJson = (media: string): boolean => media === 'application/json' || media.endsWith('+json');

const isStructured = (media: string): boolean =>
  isJson(media) || media === 'multipart/form-data' || media === 'application/x-www-form-urlencoded';

/** Names of models are those of another file here. */
const inClient = (type: string): string => withModels(type, (model) => `models.${model}`);
