import type { BuiltInPolicy } from './flows.js';
import { isOn, textOf } from './parameters.js';

/** What may not stand in a request line: everything but visible Latin characters, and the sign of a fragment. */
const NOT_IN_A_TARGET = /[^\u0021-\u007e]|#/g;
const METHODS = ['GET', 'PUT', 'POST', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];

const inTarget = (text: string): string => text.replace(NOT_IN_A_TARGET, encodeURIComponent);
const inPath = (text: string): string => encodeURI(text).replace(/[?#]/g, encodeURIComponent);
const rooted = (path: string): string => (path.startsWith('/') || path.startsWith('?') ? path : `/${path}`);

/** Appends `key=value` as given; only what would break the request line is encoded (`reference/mediation.md` §8). */
export const addQueryParam: BuiltInPolicy = {
  request: (parameters) => {
    const parameter = `${inTarget(textOf(parameters, 'paramKey'))}=${inTarget(textOf(parameters, 'paramValue'))}`;
    return (exchange) => {
      exchange.rest += (exchange.rest.includes('?') ? '&' : '?') + parameter;
      return undefined;
    };
  },
};

/** Sends to another path: with `includeQueryParams` the path alone is replaced, without it the whole of path and query. */
export const rewriteResourcePath: BuiltInPolicy = {
  request: (parameters) => {
    const path = textOf(parameters, 'newResourcePath');
    if (!isOn(parameters, 'includeQueryParams')) {
      const target = rooted(inTarget(path));
      return (exchange) => {
        exchange.rest = target;
        return undefined;
      };
    }
    const target = rooted(inPath(path));
    return (exchange) => {
      const query = exchange.rest.indexOf('?');
      exchange.rest = query < 0 ? target : target + exchange.rest.slice(query);
      return undefined;
    };
  },
};

export const changeHttpMethod: BuiltInPolicy = {
  request: (parameters) => {
    const method = textOf(parameters, 'httpMethod').toUpperCase();
    if (!METHODS.includes(method)) throw new Error(`'${method}' is no method that a request can be sent with`);
    return (exchange) => {
      exchange.method = method;
      return undefined;
    };
  },
};

/** Bodies of unknown length are taken in first and leave with their length. */
export const disableChunking: BuiltInPolicy = {
  requestBody: 'length',
  responseBody: 'length',
  request: () => () => undefined,
  response: () => () => undefined,
};

/** Names the target of the request, for an API whose backend is where its policies say. */
export const setToHeader: BuiltInPolicy = {
  request: (parameters) => {
    const target = textOf(parameters, 'value').trim();
    if (!/^https?:\/\//i.test(target) || !URL.canParse(target)) throw new Error(`'${target}' is no http or https URL`);
    return (exchange) => {
      exchange.to = target;
      return undefined;
    };
  },
};
