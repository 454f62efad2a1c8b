/** One API's claim on a path. */
interface Claim<T> {
  readonly owner: string;
  readonly target: T;
  readonly rank: number;
}

/**
 * Some backends decode `%2F` before they resolve dot segments, some decode twice, and some drop parameters (`..;x`) first: all these are dot segments
 * here.
 */
const DOT_SEGMENT = /(?:^|[/\\]|%(?:25)*(?:2f|5c))(?:\.|%(?:25)+2e){1,2}(?:(?:;|%(?:25)*3b)[^/\\]*)?(?:[/\\]|%(?:25)*(?:2f|5c)|$)/i;
/** An end of string to some, another alphabet's escape, and bytes that no UTF-8 begins with but some decode to a slash or a dot. */
const TWO_FACED = /%(?:25)*(?:00|u[0-9a-f]{4}|c[01]|e0%(?:25)*[89])/i;
const ENCODED = /%([0-9a-f]{2})/gi;
const UNRESERVED = /[A-Za-z0-9\-._~]/;

/**
 * The path as it is compared: percent-encoded characters that need no encoding are decoded, so that neither `/%61dmin` nor `//admin` slips past the rules
 * of `/admin`; everything else stays as sent. Undefined when it holds dot segments, which a backend would resolve to a path nobody checked, or bytes that
 * not every backend reads alike.
 */
export const comparablePath = (path: string): string | undefined => {
  const decoded =
    path.indexOf('%') < 0
      ? path
      : path.replace(ENCODED, (encoded, digits: string) => {
          const character = String.fromCharCode(Number.parseInt(digits, 16));
          return UNRESERVED.test(character) ? character : encoded;
        });
  if (decoded.indexOf('//') >= 0) return comparablePath(decoded.replace(/\/{2,}/g, '/'));
  if (decoded.indexOf('%') >= 0) return TWO_FACED.test(decoded) || DOT_SEGMENT.test(decoded) ? undefined : decoded;
  return decoded.indexOf('.') >= 0 && DOT_SEGMENT.test(decoded) ? undefined : decoded;
};

/**
 * All paths at which APIs answer; the longest one that a request's path starts with wins. Costs a few map look-ups, whatever the number
 * of APIs. Several claims on one path (environments of one API, versions that were the default one after the other) are kept, and the highest rank answers.
 */
export class Router<T> {
  private readonly routes = new Map<string, Claim<T>[]>();
  private readonly depths = new Map<number, number>();
  private depthMax = 0;
  /** Length of the route that `find` matched last. */
  matchedLength = 0;
  private matched: readonly Claim<T>[] = [];

  add(path: string, owner: string, target: T, rank: number): void {
    const claims = this.routes.get(path) ?? [];
    const others = claims.filter((claim) => claim.owner !== owner);
    this.routes.set(
      path,
      [...others, { owner, target, rank }].sort((a, b) => b.rank - a.rank),
    );
    if (claims.length === 0) this.count(path, 1);
  }

  remove(path: string, owner: string): void {
    const claims = this.routes.get(path);
    if (claims === undefined) return;
    const left = claims.filter((claim) => claim.owner !== owner);
    if (left.length > 0) {
      this.routes.set(path, left);
    } else {
      this.routes.delete(path);
      this.count(path, -1);
    }
  }

  /** The API at the longest route that the path lies under; the route's length is then in `matchedLength`. */
  find(path: string): T | undefined {
    // Candidates end before a slash or at the path's end, and have no more segments than the deepest route.
    let end = 0;
    for (let depth = 0; depth < this.depthMax && end < path.length; depth += 1) {
      const slash = path.indexOf('/', end + 1);
      end = slash < 0 ? path.length : slash;
    }
    while (end > 0) {
      const claims = this.routes.get(path.slice(0, end));
      if (claims !== undefined) {
        this.matchedLength = end;
        this.matched = claims;
        return claims[0]?.target;
      }
      end = path.lastIndexOf('/', end - 1);
    }
    return undefined;
  }

  /** Whether several lay claim to the route that `find` matched last. */
  get isContested(): boolean {
    return this.matched.length > 1;
  }

  /** The highest of those that is wanted; undefined when none is. */
  wanted(isWanted: (target: T) => boolean): T | undefined {
    return this.matched.find(({ target }) => isWanted(target))?.target;
  }

  private count(path: string, change: number): void {
    const depth = path.split('/').length - 1;
    this.depths.set(depth, (this.depths.get(depth) ?? 0) + change);
    this.depthMax = Math.max(0, ...[...this.depths].filter(([, count]) => count > 0).map(([at]) => at));
  }
}

/** Where a path's part after a route begins in the path as sent, which may hold encoded characters and repeated slashes. */
export const restStart = (sent: string, route: string): number => {
  let segments = route.split('/').length - 1;
  let at = 0;
  while (segments > 0 && at < sent.length) {
    while (sent[at] === '/') at += 1;
    const slash = sent.indexOf('/', at);
    at = slash < 0 ? sent.length : slash;
    segments -= 1;
  }
  return at;
};
