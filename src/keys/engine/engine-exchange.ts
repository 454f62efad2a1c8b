import { IncomingMessage, ServerResponse } from 'node:http';
import { type AuthorizationRequest, attachAuthorizationRequest } from './authorization-request.js';
import type { Engine } from './engines.js';

const AUTHORIZATION_PATH = '/oauth2/authorize';

/** An answer that goes nowhere: the edge reads it and writes its own. */
class HeldResponse extends ServerResponse {
  constructor(
    request: IncomingMessage,
    private readonly done: () => void,
  ) {
    super(request);
  }

  override end(): this {
    this.done();
    return this;
  }
}

/**
 * Lets the engine judge an authorization request, in memory. What the user has to do first, or a refusal that must not be redirected, is then in
 * `asked`; otherwise the answer is the URL to send the browser to.
 */
export const askEngine = async (
  engine: Engine,
  from: IncomingMessage,
  parameters: Readonly<Record<string, string>>,
  sessionCookie: string | undefined,
  asked: AuthorizationRequest,
): Promise<string | undefined> => {
  const message = new IncomingMessage(from.socket);
  message.method = 'GET';
  message.url = `${AUTHORIZATION_PATH}?${new URLSearchParams(parameters)}`;
  message.headers = { host: from.headers.host ?? '', ...(sessionCookie === undefined ? {} : { cookie: sessionCookie }) };
  message.push(null);
  message.complete = true;
  attachAuthorizationRequest(message, asked);
  const response = await new Promise<ServerResponse>((resolve, reject) => {
    const held: HeldResponse = new HeldResponse(message, () => resolve(held));
    engine.handle(message, held).catch(reject);
  });
  const location = response.getHeader('location');
  if (asked.prompt !== undefined || asked.refusal !== undefined) return undefined;
  if (typeof location !== 'string') throw new Error(`the engine answered an authorization request with ${response.statusCode}`);
  return location;
};
