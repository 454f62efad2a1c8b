/** How a refusal counts in the usage figures. */
export type RefusalKind = 'refused' | 'throttled' | 'fault' | 'other';

/**
 * An answer the gateway gives by itself, rendered once. Two refusals differ by identity; nothing of the request enters one
 * (`reference/gateway.md` §4.5: bodies never echo the path, token or context).
 */
export class Refusal {
  readonly body: Buffer;
  /** Names and values in turn, as `writeHead` takes them; what depends on the request is added by the writer. */
  readonly headers: readonly string[];

  constructor(
    readonly status: number,
    body: string | Buffer,
    readonly kind: RefusalKind,
    headers: readonly string[] = [],
    /** Null where the headers say it. */
    mediaType: string | null = 'application/json',
  ) {
    this.body = typeof body === 'string' ? Buffer.from(body) : body;
    const type = this.body.length > 0 && mediaType !== null ? ['Content-Type', mediaType] : [];
    // RFC 9110 §8.6: these two have no length.
    const length = status === 204 || status === 304 ? [] : ['Content-Length', String(this.body.length)];
    this.headers = [...type, ...length, ...headers];
  }
}

/** An answer given in the backend's place, by a mock or a sequence: the API's response policies run over it. */
export class Reply extends Refusal {
  /** Whether the response policies have seen it already. */
  readonly isMediated: boolean = false;

  constructor(status: number, body: string | Buffer, headers: readonly string[] = [], mediaType: string | null = 'application/json') {
    super(status, body, 'other', headers, mediaType);
  }
}

/** The fault's parts, which another rendering (a SOAP fault) would be made of too. */
export interface Fault {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly description: string;
}

/** Authentication and throttling: `{code, message, description}`. */
const failure = (fault: Fault, kind: RefusalKind, headers?: readonly string[]): Refusal =>
  new Refusal(fault.status, JSON.stringify({ code: fault.code, message: fault.message, description: fault.description }), kind, headers);

/** General faults carry a `type` before the message. */
const report = (fault: Fault, kind: RefusalKind = 'other'): Refusal =>
  new Refusal(
    fault.status,
    JSON.stringify({ code: fault.code, type: 'Status report', message: fault.message, description: fault.description }),
    kind,
  );

const fault = (status: number, code: string, message: string, description: string): Fault => ({ status, code, message, description });

export const NoApi = report(fault(404, '404', 'Not Found', 'The requested resource is not available.'));
export const NoResource = report(fault(404, '404', 'Runtime Error', 'No matching resource found for given API Request'));
export const NoMethod = report(fault(405, '405', 'Runtime Error', 'Method not allowed for given API resource'));
const unsupportedTransport = (transport: string): Refusal =>
  report(fault(403, '403', 'Forbidden', `Unsupported Transport [ ${transport} ]. The requested resource is not available.`));
export const UnsupportedHttp = unsupportedTransport('http');
export const UnsupportedHttps = unsupportedTransport('https');
export const HeadersTooLarge = report(fault(431, '431', 'Runtime Error', 'The request header block is too large'));
export const MalformedRequest = report(fault(400, '400', 'Runtime Error', 'The request is malformed'));
export const BodyTooLarge = report(fault(413, '413', 'Runtime Error', 'The request body is larger than the policies of the API can read'));
export const BodyEncoded = report(
  fault(415, '415', 'Runtime Error', 'The request body is encoded in a way that the policies of the API cannot read'),
);
export const BodyIncomplete = report(fault(400, '102511', 'Runtime Error', 'The request body is incomplete'));
export const RequestTimeout = report(fault(408, '408', 'Runtime Error', 'The request was not received in time'));
export const Unexpected = report(fault(500, '500', 'Runtime Error', 'The gateway failed to process the request'));
export const ApiBlocked = new Refusal(
  503,
  JSON.stringify({
    code: '700700',
    type: 'API blocked',
    description: 'This API has been blocked temporarily. Please try again later or contact the system administrators.',
  }),
  'other',
);

/** The answer to a preflight; its headers depend on the request. */
export const Preflight = new Refusal(200, '', 'other');

const wrongKeyType = (description: string): Refusal => report(fault(403, '900901', 'Runtime Error', description), 'refused');
export const NoSandboxEndpoint = wrongKeyType('Sandbox key offered to the API with no sandbox endpoint');
export const NoProductionEndpoint = wrongKeyType('Production key offered to the API with no production endpoint');

/** The backend failed; `code` is one of the transport codes of `reference/gateway.md` §11. */
export class BackendFault extends Refusal {
  constructor(
    readonly code: string,
    description: string,
    status = 500,
  ) {
    super(status, JSON.stringify({ code, type: 'Status report', message: 'Runtime Error', description }), 'fault');
  }
}
/** The script of a mock failed; what it said is in the log. */
export const ScriptFailed = report(fault(500, '0', 'Runtime Error', 'The script of the resource failed'), 'fault');
export const AnswerTooLarge = new BackendFault('101510', 'The response is larger than the policies of the API can read');
export const NoEndpoint = new BackendFault('303001', 'No endpoint is configured for the API');
export const Suspended = new BackendFault('303001', 'The endpoint is suspended');

/** An AWS function could not be called (`reference/gateway.md` §7.2). */
export const LambdaFailed = new Refusal(400, '', 'other');
export const NoBackendCredentials = new BackendFault('101500', 'The gateway has no credentials for the backend');

/** The backend took neither the token the gateway had nor a new one. */
export const TemporaryServerError = failure(fault(401, '900424', 'Temporary Server Error', 'Please try again'), 'fault');

const NOT_SUBSCRIBED = 'User is NOT authorized to access the Resource. API Subscription validation failed.';
const forbidden = (code: string, message: string, description: string): Refusal =>
  failure(fault(403, code, message, description), 'refused');
export const NotSubscribed = forbidden('900908', 'Resource forbidden ', NOT_SUBSCRIBED);
export const AccessForbidden = forbidden('900908', 'Resource forbidden ', 'Access forbidden for the invocations');
export const WrongAudience = forbidden(
  '900914',
  'Access Denied',
  'Access Denied. The access token does not allow you to access the requested resource',
);

/** A user has none of the roles of the operation's scopes (`reference/gateway.md` §11). */
export const UserScopeMissing = forbidden(
  '900910',
  'The access token does not allow you to access the requested resource',
  'Scope validation failed',
);

/** Too many logins have failed, or wait, for another to be tried: the password was not looked at. */
export const LoginsThrottled = new Refusal(
  429,
  JSON.stringify({ code: '429', message: 'Too Many Requests', description: 'Too many logins fail or wait. Try again in some seconds' }),
  'throttled',
  ['Retry-After', '5'],
);

/** Keys at an environment that is for the other kind (`reference/gateway.md` §6). */
const wrongEnvironment = (text: string): Refusal =>
  new Refusal(401, `<error><message>${text}</message></error>`, 'refused', [], 'application/xml');
export const ProductionKeyAtSandbox = wrongEnvironment('Production Key Provided for Sandbox Gateway');
export const SandboxKeyAtProduction = wrongEnvironment('Sandbox Key Provided for Production Gateway');

export const ClaimMissing = forbidden(
  '900913',
  'Claim Invalid',
  'The configured resource access validation claim is not present in the token.',
);
export const ClaimMismatch = forbidden(
  '900912',
  'Claim Mismatch',
  'The claim configured in the system and the claim provided in the token do not align. Please ensure the claims match.',
);

/** The word of a policy server, and the want of one; spelt as in the product (`reference/mediation.md` §8). */
export const OpaRefused = new Refusal(403, JSON.stringify({ code: '902012', message: 'Forbidden' }), 'refused');
export const OpaFailed = new Refusal(500, JSON.stringify({ code: '902011', message: 'Internal Sever Error' }), 'refused');

/** Nobody was able to say whether the credential is right. */
export const Unauthenticatable = failure(
  fault(500, '900900', 'Unclassified Authentication Failure', 'Unclassified Authentication Failure'),
  'refused',
);

/** Refused for want of a scope; `target` is the operation's template. */
export const scopeMissing = (target: string): Refusal =>
  forbidden(
    '900910',
    'The access token does not allow you to access the requested resource',
    `User is NOT authorized to access the Resource: ${target}. Scope validation failed.`,
  );

/** The 401s of one API: they carry the challenges of its authenticators and the names of its headers. */
export interface Challenges {
  readonly missing: Refusal;
  readonly invalid: Refusal;
  readonly expired: Refusal;
  /** A token that is bound to something that did not come with it. */
  readonly unbound: Refusal;
  readonly wrongTokenType: Refusal;
  readonly subscriptionBlocked: Refusal;
  readonly subscriptionInactive: Refusal;
}

const REALM = 'realm="WSO2 API Manager"';
const CHALLENGES: readonly (readonly [scheme: string, challenge: string])[] = [
  ['mutualssl', `Mutual SSL ${REALM}`],
  ['oauth2', `Bearer ${REALM}`],
  ['basic_auth', `Basic ${REALM}`],
  ['api_key', `API Key ${REALM}`],
];

/** Renders the 401s of an API from its security schemes and header names (`reference/gateway.md` §10–11). */
export const challenges = (schemes: readonly string[], authHeader: string, apiKeyHeader: string): Challenges => {
  const offered = [`Internal API Key ${REALM}`, ...CHALLENGES.filter(([scheme]) => schemes.includes(scheme)).map(([, text]) => text)];
  const headers = ['WWW-Authenticate', `${offered.join(', ')}, error="invalid_token", error_description="The provided token is invalid"`];
  const refuse = (code: string, message: string, description: string): Refusal =>
    failure(fault(401, code, message, description), 'refused', headers);
  return {
    missing: refuse(
      '900902',
      'Missing Credentials',
      `Invalid Credentials. Make sure your API invocation call has a header: '${authHeader} : Bearer ACCESS_TOKEN' or '${authHeader} : Basic ACCESS_TOKEN' or '${apiKeyHeader} : API_KEY'`,
    ),
    invalid: refuse('900901', 'Invalid Credentials', 'Invalid Credentials. Make sure you have provided the correct security credentials'),
    unbound: refuse('900901', 'Invalid Credentials', 'Invalid JWT token. Make sure you have provided the correct security credentials'),
    expired: refuse('900903', 'Access Token Expired', 'Access Token Expired. Renew the access token and try again'),
    wrongTokenType: refuse(
      '900905',
      'Incorrect Access Token Type is provided',
      'The type of the access token is not allowed for this resource. Make sure you have provided the correct security credentials',
    ),
    subscriptionBlocked: refuse('900907', 'The requested API is temporarily blocked', NOT_SUBSCRIBED),
    subscriptionInactive: refuse('900909', 'The subscription to the API is inactive', NOT_SUBSCRIBED),
  };
};

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (value: number): string => String(value).padStart(2, '0');

/** `2026-May-04 10:21:00+0000 UTC` (`reference/throttling.md` §7). */
export const accessTime = (at: Date): string =>
  `${at.getUTCFullYear()}-${MONTHS[at.getUTCMonth()]}-${two(at.getUTCDate())} ` +
  `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}+0000 UTC`;

const THROTTLED = 'Message throttled out';
const QUOTA = 'You have exceeded your quota';

/** What a limit answers when it is used up, and the name under which callers know it. */
export interface Throttled {
  readonly name: string;
  /** `windowEnd`: when the next request may pass, epoch milliseconds. */
  until(windowEnd: number): Refusal;
}

/** A limit's refusal. Its text names the end of the running window, so it is rendered once a window at most. */
export class ThrottledOut implements Throttled {
  private end = 0;
  private rendered: Refusal | undefined;

  constructor(
    private readonly code: string,
    readonly name: string,
    private readonly description: string = QUOTA,
  ) {}

  until(windowEnd: number): Refusal {
    if (this.rendered === undefined || this.end !== windowEnd) {
      const at = new Date(windowEnd);
      const nextAccessTime = accessTime(at);
      const description = this.description === QUOTA ? `${QUOTA} .You can access API after ${nextAccessTime}` : this.description;
      const body = JSON.stringify({ code: this.code, message: THROTTLED, description, nextAccessTime });
      this.rendered = new Refusal(429, body, 'throttled', ['Retry-After', at.toUTCString()]);
      this.end = windowEnd;
    }
    return this.rendered;
  }
}

export const ApiThrottled = new ThrottledOut('900800', 'api');
export const ResourceThrottled = new ThrottledOut('900802', 'resource');
export const ApplicationThrottled = new ThrottledOut('900803', 'application');
export const SubscriptionThrottled = new ThrottledOut('900804', 'subscription');
export const CustomThrottled = new ThrottledOut('900806', 'custom');
export const SubscriptionBurst = new ThrottledOut('900807', 'subscription-burst');
export const EventsThrottled = new ThrottledOut('900808', 'events');
export const ApplicationBurst = new ThrottledOut('900809', 'application-burst', 'You have exceeded your application burst limit quota');

export const ApiLimitReached = failure(fault(503, '900801', 'API Limit Reached', 'API not accepting requests'), 'throttled');
/** The backend takes no more for now; callers are not told until when (`reference/throttling.md` §7). */
export const BackendThrottled: Throttled = { name: 'backend', until: () => ApiLimitReached };
