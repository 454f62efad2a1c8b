import { errors } from 'undici';
import { BackendFault } from '../refusal.js';

/** What the caller is told when the backend fails; codes of `reference/gateway.md` §11. */
export const ConnectionFailed = new BackendFault('101503', 'Error connecting to the back end');
export const SendTimeout = new BackendFault('101504', 'Send timeout');
export const ConnectionClosed = new BackendFault('101505', 'The back end closed the connection');
export const ProtocolViolation = new BackendFault('101506', 'The back end sent a malformed response');
export const ConnectTimeout = new BackendFault('101508', 'Connection timeout');
export const SendFailed = new BackendFault('101500', 'Error sending the request to the back end');

const BY_CODE: ReadonlyMap<string, BackendFault> = new Map([
  ['ECONNREFUSED', ConnectionFailed],
  ['ENOTFOUND', ConnectionFailed],
  ['EAI_AGAIN', ConnectionFailed],
  ['EHOSTUNREACH', ConnectionFailed],
  ['ENETUNREACH', ConnectionFailed],
  ['EADDRNOTAVAIL', ConnectionFailed],
  ['ERR_PROXY_REFUSED', ConnectionFailed],
  ['UND_ERR_CONNECT_TIMEOUT', ConnectTimeout],
  ['ETIMEDOUT', ConnectTimeout],
  ['UND_ERR_HEADERS_TIMEOUT', SendTimeout],
  ['UND_ERR_BODY_TIMEOUT', SendTimeout],
  ['UND_ERR_SOCKET', ConnectionClosed],
  ['ECONNRESET', ConnectionClosed],
  ['EPIPE', ConnectionClosed],
  ['UND_ERR_HEADERS_OVERFLOW', ProtocolViolation],
  ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', ProtocolViolation],
]);

const codeOf = (error: unknown): string => {
  const code: unknown = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
};

/** The fault for an error of undici, of a socket, of a name look-up or of a TLS handshake. */
export const faultOf = (error: unknown): BackendFault => {
  const code = codeOf(error);
  const known = BY_CODE.get(code);
  if (known !== undefined) return known;
  // Its parser's errors carry a code for some violations only.
  if (code.startsWith('HPE_') || error instanceof errors.HTTPParserError) return ProtocolViolation;
  // Certificates: UNABLE_TO_VERIFY_LEAF_SIGNATURE, DEPTH_ZERO_SELF_SIGNED_CERT, CERT_HAS_EXPIRED, ERR_TLS_CERT_ALTNAME_INVALID, ERR_SSL_…
  if (/CERT|TLS|SSL|UNABLE_TO/.test(code)) return ConnectionFailed;
  return SendFailed;
};

/**
 * Whether the backend closed a kept-alive connection at the moment we used it again: it had answered on it before, and sent nothing this time
 * (`responded` is false). A new connection that is closed at once is the backend's answer and no such race.
 */
export const isStaleConnection = (error: unknown, responded: boolean): boolean => {
  if (responded) return false;
  const code = codeOf(error);
  if (code === 'ECONNRESET' || code === 'EPIPE') return true;
  if (code !== 'UND_ERR_SOCKET' || typeof error !== 'object' || error === null || !('socket' in error)) return false;
  const { socket } = error;
  return typeof socket === 'object' && socket !== null && 'bytesRead' in socket && Number(socket.bytesRead) > 0;
};
