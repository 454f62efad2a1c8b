import type { Compiler, MediatorCompiler } from '../compiler.js';
import { MediationError, type Message } from '../message.js';
import type { PolicyElement } from '../read-document.js';
import { textOf } from '../values.js';

const TYPES = ['set', 'append', 'prepend', 'replace', 'remove', 'remove-query-param'] as const;
const FRAGMENTS = ['protocol', 'user', 'host', 'port', 'path', 'query', 'ref', 'full'] as const;
type Fragment = Exclude<(typeof FRAGMENTS)[number], 'full'>;
type Uri = Record<Fragment, string>;

const URI = /^(?:([a-z][a-z\d+.-]*):)?(?:\/\/(?:([^@/?#]*)@)?(\[[^\]]*\]|[^:/?#]*)(?::(\d*))?)?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/i;

type Change = (uri: Uri, message: Message) => Uri;

/** Changes parts of a URI (`reference/mediation.md` §3.9). */
export const rewrite: MediatorCompiler = (element, compiler) => {
  compiler.onlyChildren(element, 'rewriterule');
  const from = element.attributes.get('inProperty');
  const to = element.attributes.get('outProperty');
  const changes = element.children.flatMap((rule) => changesOf(rule, compiler));
  return (message) => {
    const given = from === undefined ? (message.address('To') ?? '') : textOf(message.get('default', from));
    const result = assembled(changes.reduce((uri, change) => change(uri, message), parsed(given)));
    if (to === undefined) message.setAddress('To', result);
    else message.set('default', to, result);
    return 'continue';
  };
};

const changesOf = (rule: PolicyElement, compiler: Compiler): readonly Change[] => {
  for (const child of rule.children) {
    if (child.name === 'condition') compiler.refuse(child, 'conditions of rewrite are not supported yet');
    if (child.name !== 'action') compiler.refuse(child, `'${child.name}' is not known in rewriterule`);
  }
  return rule.children.map((action) => changeOf(action, compiler));
};

const changeOf = (element: PolicyElement, compiler: Compiler): Change => {
  const type = compiler.oneOf(element, 'type', TYPES, 'set');
  const fragment = compiler.oneOf(element, 'fragment', FRAGMENTS, 'full');
  const value = valueSource(element, type === 'remove', compiler);
  if (type === 'remove-query-param') {
    if (fragment !== 'query') compiler.refuse(element, 'remove-query-param is for the fragment query');
    return (uri, message) => ({ ...uri, query: withoutParameter(uri.query, value(message)) });
  }
  const change = changing(type, element, value, compiler);
  if (fragment === 'full') return (uri, message) => parsed(change(assembled(uri), message));
  return (uri, message) => ({ ...uri, [fragment]: change(uri[fragment], message) });
};

const changing = (
  type: Exclude<(typeof TYPES)[number], 'remove-query-param'>,
  element: PolicyElement,
  value: (message: Message) => string,
  compiler: Compiler,
): ((text: string, message: Message) => string) => {
  switch (type) {
    case 'set':
      return (_, message) => value(message);
    case 'append':
      return (text, message) => text + value(message);
    case 'prepend':
      return (text, message) => value(message) + text;
    case 'remove':
      return () => '';
    case 'replace': {
      const pattern = compiler.pattern(element, compiler.attribute(element, 'regex'));
      return (text, message) => pattern.replaceAll(text, value(message));
    }
  }
};

const valueSource = (element: PolicyElement, isOptional: boolean, compiler: Compiler): ((message: Message) => string) => {
  const literal = element.attributes.get('value');
  if (literal !== undefined) {
    if (element.attributes.get('resolve') !== 'true') return () => literal;
    return (message) => literal.replace(/\{([^{}]+)\}/g, (_, name: string) => textOf(message.get('default', name)));
  }
  if (element.attributes.has('xpath')) {
    const expression = compiler.expression(element, 'xpath');
    return (message) => expression.text(message);
  }
  return isOptional ? () => '' : compiler.refuse(element, 'it needs a value or an xpath');
};

const withoutParameter = (query: string, name: string): string =>
  query
    .split('&')
    .filter((parameter) => parameter.split('=', 1)[0] !== name)
    .join('&');

const parsed = (text: string): Uri => {
  const match = URI.exec(text);
  if (match === null || /\s/.test(text)) throw new MediationError('0', 'The URI to rewrite is malformed');
  const [, protocol = '', user = '', host = '', port = '', path = '', query = '', ref = ''] = match;
  return { protocol, user, host, port, path, query, ref };
};

const assembled = ({ protocol, user, host, port, path, query, ref }: Uri): string => {
  const authority = host === '' ? '' : `//${user && `${user}@`}${host}${port && `:${port}`}`;
  const rooted = authority !== '' && path !== '' && !path.startsWith('/') ? `/${path}` : path;
  const uri = `${protocol && `${protocol}:`}${authority}${rooted}${query && `?${query}`}${ref && `#${ref}`}`;
  return uri.replace(/[^\u0021-\u007e]/gu, (character) => encodeURIComponent(character.isWellFormed() ? character : '\ufffd'));
};
