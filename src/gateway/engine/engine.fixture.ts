import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import type { ApiDocument, DocumentKind, FeedRow, GatewayDocuments, KeyManagerDocument } from '../../domain/gateway-documents.js';
import { Engine } from './engine.js';
import type { FromWorker, WorkerSettings } from './messages.js';
import { createCounterTable } from './throttling/counters.js';

/** What the engine's tests have in common: documents, signed tokens, a real gateway and real backends on ports of the system's choice. */
export const TENANT = 'carbon.super';
export const ISSUER = 'https://localhost:9443/oauth2/token';

export class Signer {
  readonly publicKey: KeyObject;
  private readonly privateKey: KeyObject;

  constructor(readonly kid: string) {
    ({ publicKey: this.publicKey, privateKey: this.privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 }));
  }

  jwk(): Record<string, unknown> {
    return { ...this.publicKey.export({ format: 'jwk' }), kid: this.kid, use: 'sig', alg: 'RS256' };
  }

  /** A signed token; `claims` and `header` go over an ordinary application token's. */
  token(claims: Record<string, unknown> = {}, header: Record<string, unknown> = {}): string {
    const seconds = Math.floor(Date.now() / 1_000);
    const usual = { iss: ISSUER, sub: 'ann', aut: 'APPLICATION', azp: 'key-1', aud: 'key-1', scope: 'default', jti: 'jti-1' };
    const body = encode({ ...usual, iat: seconds, exp: seconds + 3_600, ...claims });
    const signed = `${encode({ alg: 'RS256', typ: 'at+jwt', kid: this.kid, ...header })}.${body}`;
    return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), this.privateKey).toString('base64url')}`;
  }
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

let lastSeq = 0;
/** A row of the feed, in ascending order over all tests of a file. */
export const row = <K extends DocumentKind>(kind: K, key: string, body: GatewayDocuments[K] | null, organization = TENANT): FeedRow => {
  lastSeq += 1;
  // The kind and the body belong together by the signature; the compiler does not follow that into the union.
  return { seq: lastSeq, organization, kind, key, body } as FeedRow;
};

export const keyManager = (signer: Signer, changes: Partial<KeyManagerDocument> = {}): FeedRow => {
  const name = changes.name ?? 'Resident Key Manager';
  const usual: KeyManagerDocument = {
    name,
    type: 'default',
    issuer: ISSUER,
    enabled: true,
    tokenType: 'DIRECT',
    jwks: [signer.jwk()],
    isPinned: false,
    isSelfValidated: true,
    isIntrospectable: true,
    consumerKeyClaim: 'azp',
    scopesClaim: 'scope',
    claimMapping: [],
    tokenValidation: [],
  };
  return row('key-manager', name, { ...usual, ...changes });
};

export const apiDocument = (backend: string, changes: Partial<ApiDocument> = {}): ApiDocument => ({
  apiId: 'pizza',
  revisionId: 'revision-1',
  environment: 'Default',
  vhost: 'localhost',
  name: 'Pizza',
  version: '1.0.0',
  context: '/pizza',
  path: '/pizza/1.0.0',
  provider: 'admin',
  type: 'HTTP',
  status: 'PUBLISHED',
  isDefaultVersion: false,
  transports: ['http', 'https'],
  securityScheme: ['oauth2'],
  authorizationHeader: 'Authorization',
  apiKeyHeader: 'ApiKey',
  keyManagers: ['all'],
  audiences: [],
  apiThrottlingPolicy: null,
  subscriptionless: false,
  cors: null,
  operations: [operation('GET', '/menu'), operation('POST', '/order'), operation('GET', '/open', { authType: 'None' })],
  endpoints: { production: { url: backend, onTimeout: 'fault', timeoutMs: null }, sandbox: null },
  ...changes,
});

export const operation = (method: string, target: string, changes: Partial<ApiDocument['operations'][number]> = {}) => ({
  method,
  target,
  authType: 'Application & Application User' as const,
  throttlingPolicy: 'Unlimited',
  scopes: [],
  ...changes,
});

export const apiRow = (backend: string, changes: Partial<ApiDocument> = {}): FeedRow => {
  const document = apiDocument(backend, changes);
  return row('api', `${document.apiId}:${document.environment}`, document);
};

/** An application with keys and a subscription, so that the usual token may call the usual API. */
export const subscriber = (signer: Signer): FeedRow[] => [
  keyManager(signer),
  row('application', 'app-1', { uuid: 'app-1', id: 1, name: 'App', owner: 'admin', policy: 'Unlimited', organization: TENANT }),
  row('key-mapping', 'Resident Key Manager:key-1', {
    consumerKey: 'key-1',
    keyManager: 'Resident Key Manager',
    applicationId: 'app-1',
    keyType: 'PRODUCTION',
  }),
  row('subscription', 'sub-1', {
    subscriptionId: 'sub-1',
    apiId: 'pizza',
    applicationId: 'app-1',
    policy: 'Unlimited',
    state: 'UNBLOCKED',
  }),
];

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface CallOptions {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
}

/** A running gateway. */
export class TestGateway {
  readonly messages: FromWorker[] = [];
  readonly engine: Engine;
  port = 0;

  /** `heard` is told of what the gateway says while it says it. */
  constructor(settings: Partial<WorkerSettings> = {}, heard: (message: FromWorker) => void = () => undefined) {
    const usual: WorkerSettings = {
      host: '127.0.0.1',
      httpPort: 0,
      httpsPort: null,
      tls: null,
      http2: true,
      http2StreamsMax: 128,
      reusePort: false,
      labels: ['Default'],
      headerBytesMax: 8_192,
      clientIdleMs: 30_000,
      upstreamTimeoutMs: 30_000,
      connectTimeoutMs: 2_000,
      connectionsPerBackend: 16,
      backendHttp2: false,
      proxy: null,
      rateLimitHeaders: { xRateLimit: false, rateLimit: false },
      conditions: { headers: true, queryParameters: true, claims: true },
      trustedProxies: [],
      authHeader: 'Authorization',
      enableOutboundAuthHeader: false,
      verifiedTokensMax: 100,
      apiKeysMax: 100,
      memoryMb: 256,
      apiKeySigners: [],
      servesJwks: true,
      verdictMs: 900_000,
      retriesWithNewToken: true,
      awsLambdaUrl: '',
      awsStsUrl: '',
      scripts: { cpuMs: 5, memoryBytesMax: 16_777_216 },
      clientCertificates: {
        header: 'X-WSO2-CLIENT-CERTIFICATE',
        validatesClients: true,
        isEncoded: false,
        isForwarded: false,
        followsChains: false,
        trustedProxies: [],
      },
      mediatedBodyBytesMax: 10 * 1_048_576,
      responseCacheBytesMax: 8 * 1_048_576,
      counters: createCounterTable({ slots: 1 << 14, segments: 1 }),
    };
    this.engine = new Engine({ ...usual, ...settings }, (message) => {
      this.messages.push(message);
      heard(message);
      if (message.type === 'listening') this.port = message.httpPort;
    });
  }

  static async start(rows: readonly FeedRow[], settings: Partial<WorkerSettings> = {}): Promise<TestGateway> {
    const gateway = new TestGateway(settings);
    gateway.engine.apply(rows);
    await gateway.engine.listen();
    return gateway;
  }

  call(path: string, { method = 'GET', headers = {}, body }: CallOptions = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const outgoing = request({ host: '127.0.0.1', port: this.port, path, method, headers, agent: false }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks).toString() }),
        );
        answer.on('error', reject);
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }

  stop(): Promise<void> {
    return this.engine.stop(2_000);
  }
}

/** The backend's view of one request. */
export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

export interface TestBackend {
  readonly url: string;
  readonly seen: Seen[];
  stop(): Promise<void>;
}

const addressOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

/** A backend that notes what it is asked and answers `hello`, or as told. */
export const startBackend = async (answer?: (request: IncomingMessage, reply: ServerResponse) => void): Promise<TestBackend> => {
  const seen: Seen[] = [];
  const server = createServer((incoming, reply) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const { method = '', url = '', headers, rawHeaders } = incoming;
      seen.push({ method, url, headers, rawHeaders, body: Buffer.concat(chunks).toString() });
      if (answer) answer(incoming, reply);
      else reply.end('hello');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = (): Promise<void> => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  return { url: addressOf(server), seen, stop };
};

/** A backend that speaks whatever `onConnection` writes. */
export const startRawBackend = async (onConnection: (socket: Socket) => void): Promise<{ url: string; stop(): Promise<void> }> => {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  return { url: addressOf(server), stop };
};

/** Waits until something is so; fails after ten seconds. */
export const until = async (condition: () => boolean): Promise<void> => {
  const end = Date.now() + 10_000;
  while (!condition()) {
    if (Date.now() > end) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};
