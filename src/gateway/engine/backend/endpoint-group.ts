import { createHash } from 'node:crypto';
import type { GroupDocument } from '../../../domain/gateway-documents.js';
import type { Exchange } from '../exchange.js';
import { isHeader } from '../front/headers.js';
import type { LinkedEndpoint } from '../link.js';

const COOKIE = 'GatewayRoute';
const NAME_LENGTH = 12;

const isUsable = ({ health }: LinkedEndpoint, now: number): boolean => health === null || health.isUsable(now);

/** What a cookie says of a member: nothing but which one it is. */
const nameOf = ({ origin, basePath }: LinkedEndpoint): string =>
  createHash('sha256').update(`${origin}${basePath}`).digest('base64url').slice(0, NAME_LENGTH);

/** Endpoints that stand in for each other or share their requests (`reference/gateway.md` §7). Members that rest are passed over. */
export class EndpointGroup {
  private readonly names: readonly string[];
  private turn = 0;

  constructor(
    readonly members: readonly LinkedEndpoint[],
    private readonly rules: Omit<GroupDocument, 'others'>,
  ) {
    this.names = members.map(nameOf);
  }

  /** Chooses a member for the request; undefined when all of them rest. */
  choose(exchange: Exchange): LinkedEndpoint | undefined {
    const route = new Route(this);
    exchange.route = route;
    const known = this.rules.sessionMs === null ? -1 : this.memberOfSession(exchange.request.headers.cookie);
    if (this.rules.sessionMs !== null) dropCookie(exchange.outbound);
    return route.take(known >= 0 ? known : this.firstInTurn(), exchange.startedAt);
  }

  /** The first member for a request that a sequence makes by itself; undefined when all of them rest. */
  begin(route: Route, now: number): LinkedEndpoint | undefined {
    return route.take(this.firstInTurn(), now);
  }

  /** The next member for a request that failed at those it has tried; undefined when there is none, or the group does not try again. */
  next(route: Route): LinkedEndpoint | undefined {
    if (!this.rules.failsOver) return undefined;
    return route.take(this.rules.choice === 'failover' ? 0 : route.member + 1, performance.now());
  }

  /** The cookie that keeps the client with the member, for as long as the session lasts from now; undefined when there are no sessions. */
  cookieOf(member: number, path: string, secure: boolean): string | undefined {
    const { sessionMs } = this.rules;
    if (sessionMs === null) return undefined;
    const age = Math.ceil(sessionMs / 1_000);
    return `${COOKIE}=${this.names[member]}; Path=${path}; Max-Age=${age}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
  }

  private firstInTurn(): number {
    if (this.rules.choice === 'failover') return 0;
    const first = this.turn;
    this.turn = (first + 1) % this.members.length;
    return first;
  }

  private memberOfSession(cookies: string | undefined): number {
    const name = cookies === undefined ? undefined : new RegExp(`(?:^|;) *${COOKIE}=([\\w-]+)`).exec(cookies)?.[1];
    return name === undefined ? -1 : this.names.indexOf(name);
  }
}

/** Takes the gateway's cookie off: a backend has no business with it, and must not get to keep it. */
const dropCookie = (headers: string[]): void => {
  for (let i = headers.length - 2; i >= 0; i -= 2) {
    if (!isHeader(headers[i] ?? '', 'cookie')) continue;
    const cookies = (headers[i + 1] ?? '').split(';');
    const left = cookies.filter((cookie) => !cookie.trimStart().startsWith(`${COOKIE}=`));
    if (left.length === cookies.length) continue;
    if (left.length === 0) headers.splice(i, 2);
    else headers[i + 1] = left.join(';').trimStart();
  }
};

/** One request's way through a group. */
export class Route {
  /** Where the request is now, by its place in the group. */
  member = -1;
  private readonly tried = new Set<number>();

  constructor(readonly group: EndpointGroup) {}

  /** The first usable member from `start` on, around the group, that the request has not been to. */
  take(start: number, now: number): LinkedEndpoint | undefined {
    const { members } = this.group;
    for (let i = 0; i < members.length; i += 1) {
      const at = (start + i) % members.length;
      const member = members[at];
      if (member === undefined || this.tried.has(at) || !isUsable(member, now)) continue;
      this.tried.add(at);
      this.member = at;
      return member;
    }
    return undefined;
  }

  /** Adds the cookie of the session, if there is one, to the answer's headers. */
  addCookie(headers: string[], path: string, secure: boolean): void {
    const cookie = this.group.cookieOf(this.member, path, secure);
    if (cookie !== undefined) headers.push('Set-Cookie', cookie);
  }
}
