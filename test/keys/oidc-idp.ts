import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';
import type { Browser, Visit } from './browser.js';

/** A person as the provider knows her; `sub` is what she logs in with. */
export type Person = Readonly<Record<string, unknown>>;

export const CLIENT = { id: 'gatehouse', secret: 'a-secret-with:odd%chars+' };

/** An OpenID provider of its own, over HTTP, whose people type any password. */
export class OidcIdp {
  readonly people = new Map<string, Person>();

  private constructor(
    private readonly server: Server,
    readonly issuer: string,
  ) {}

  static async start(): Promise<OidcIdp> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo; // it listens on TCP
    return new OidcIdp(server, `http://127.0.0.1:${port}`);
  }

  /** Lets a client sign people in; its address is known only after the provider's. */
  serve(redirectUri: string): void {
    const provider = new Provider(this.issuer, {
      clients: [{ client_id: CLIENT.id, client_secret: CLIENT.secret, redirect_uris: [redirectUri] }],
      pkce: { required: () => true },
      claims: { openid: ['sub'], profile: ['preferred_username', 'given_name', 'family_name', 'groups'], email: ['email'] },
      findAccount: async (_, id) => ({ accountId: id, claims: async () => ({ ...this.people.get(id), sub: id }) }),
      cookies: { keys: ['k'] },
    });
    this.server.on('request', provider.callback());
  }

  /** Logs in and agrees, until the provider sends the browser back; gives the address it is sent to. */
  static async visit(browser: Browser, from: string, login: string, home: string): Promise<string> {
    let visit: Visit = await browser.get(from);
    for (let step = 0; step < 10; step += 1) {
      const here = visit.location === '' ? from : new URL(visit.location, from).href;
      if (here.startsWith(home)) return here;
      if (visit.location !== '') {
        from = here;
        visit = await browser.get(here);
        continue;
      }
      const prompt = /name="prompt" value="(\w+)"/.exec(visit.body)?.[1] ?? '';
      const action = /action="([^"]+)"/.exec(visit.body)?.[1] ?? '';
      if (action === '') throw new Error(`the provider shows: ${visit.body}`);
      visit = await browser.post(new URL(action, from).href, { prompt, login, password: 'any' });
    }
    throw new Error('the provider does not send the browser back');
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}
