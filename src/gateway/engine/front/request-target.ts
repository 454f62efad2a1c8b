import { IncomingMessage } from 'node:http';

/** What comes before the path of a target that names the whole URL. Users in it are no part of HTTP (RFC 9110 §4.2.4). */
const ROOT = /^https?:\/\/[^/?@]+(?=[/?]|$)/i;

/**
 * Path and query of a request, or `*`; undefined when its first line is none that the gateway reads. A request to a proxy names the whole URL, of which
 * only these two matter here.
 */
export const targetOf = (request: IncomingMessage): string | undefined => {
  // Node's parser of HTTP/1 takes 0.9 and 2.0 on the line too.
  if (request.httpVersionMajor !== 1 && request instanceof IncomingMessage) return undefined;
  const url = request.url ?? '/';
  // A fragment never travels (RFC 9112 §3.2); a backend would drop it and serve another resource than the one that was checked.
  const fragment = url.indexOf('#');
  const target = fragment < 0 ? url : url.slice(0, fragment);
  if (target.startsWith('/') || target === '*') return target;
  const root = ROOT.exec(target)?.[0];
  if (root === undefined) return undefined;
  const rest = target.slice(root.length);
  return rest.startsWith('/') ? rest : `/${rest}`;
};
