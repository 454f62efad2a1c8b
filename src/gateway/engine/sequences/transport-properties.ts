import { removeHeader, setHeader } from '../front/headers.js';
import type { ExchangeMessage } from './exchange-message.js';
import { checkHeader } from './header-values.js';
import { MediationError, type Value } from './message.js';
import { requestTarget } from './request-target.js';
import { textOf } from './values.js';

/** What reading, writing or removing a property of the `axis2` scope does beyond keeping its value (`reference/mediation.md` §6.2). */
interface TransportProperty {
  read?(message: ExchangeMessage): Value | null;
  write?(message: ExchangeMessage, value: Value): void;
  remove?(message: ExchangeMessage): void;
}

const METHOD = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,32}$/;
/** What may not stand in a request line: everything but visible Latin characters, and the sign of a fragment. */
const NOT_IN_A_TARGET = /[^\u0021-\u007e]|#/g;

const peer: TransportProperty = { read: ({ exchange }) => (exchange.request.socket.remoteAddress ?? '').replace(/^::ffff:(?=\d+\.)/i, '') };

export const TRANSPORT: ReadonlyMap<string, TransportProperty> = new Map<string, TransportProperty>([
  [
    'HTTP_METHOD',
    {
      read: ({ exchange }) => exchange.method ?? exchange.request.method ?? '',
      write: ({ exchange }, value) => {
        const method = textOf(value).trim().toUpperCase();
        if (!METHOD.test(method) || method === 'CONNECT')
          throw new MediationError('0', `'${method.slice(0, 50)}' is no method that a request can be sent with`);
        exchange.method = method;
      },
    },
  ],
  [
    'REST_URL_POSTFIX',
    {
      read: ({ exchange }) => exchange.rest,
      write: ({ exchange }, value) => {
        const rest = textOf(value).replace(NOT_IN_A_TARGET, encodeURIComponent);
        exchange.rest = rest === '' || /^[/?]/.test(rest) ? rest : `/${rest}`;
      },
      remove: ({ exchange }) => {
        exchange.rest = '';
      },
    },
  ],
  [
    'HTTP_SC',
    {
      read: ({ answer, isFault }) => (answer === null || isFault ? null : answer.status),
      write: ({ answer }, value) => {
        const status = statusOf(value);
        if (answer !== null && status !== undefined) answer.status = status;
      },
    },
  ],
  ['ContentType', { read: (message) => message.get('transport', 'Content-Type'), write: setContentType, remove: dropContentType }],
  [
    'messageType',
    {
      write: (message, value) => message.set('axis2', 'ContentType', value),
    },
  ],
  ['TRANSPORT_HEADERS', { remove: ({ headers }) => keepFraming(headers) }],
  [
    'REQUEST_HOST_HEADER',
    {
      write: (message, value) => {
        const host = textOf(value);
        if (!/^[\w.:[\]-]+$/.test(host)) throw new MediationError('0', 'REQUEST_HOST_HEADER is no host');
        if (message.answer === null) setHeader(message.headers, 'Host', 'host', host);
      },
    },
  ],
  [
    'NO_ENTITY_BODY',
    { read: ({ exchange, answer }) => (answer === null && exchange.body === null && exchange.bodyBytes === 0 ? true : null) },
  ],
  ['REMOTE_ADDR', peer],
  ['REMOTE_HOST', peer],
  ['TransportInURL', { read: ({ exchange }) => requestTarget(exchange) }],
]);

function setContentType({ headers }: ExchangeMessage, value: Value): void {
  const type = textOf(value);
  checkHeader('Content-Type', type);
  setHeader(headers, 'Content-Type', 'content-type', type);
}

function dropContentType({ headers }: ExchangeMessage): void {
  removeHeader(headers, 'content-type');
}

/** The status that a value names; undefined for anything that an answer cannot end with. */
export const statusOf = (value: Value | null): number | undefined => {
  const status = value === null ? Number.NaN : Number(textOf(value));
  return Number.isInteger(status) && status >= 200 && status <= 599 ? status : undefined;
};

const keepFraming = (headers: string[]): void => {
  const at = headers.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === 'content-length');
  const framing = at < 0 ? [] : headers.slice(at, at + 2);
  headers.length = 0;
  headers.push(...framing);
};
