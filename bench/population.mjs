import { createSign, generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import pg from 'pg';

const ISSUER = 'https://bench.invalid/oauth2/token';
const ORGANIZATION = 'carbon.super';
const LIFE_S = 3_600 * 6;
const KEY_MANAGER = {
  ...{ name: 'Bench', type: 'custom', issuer: ISSUER, enabled: true, tokenType: 'DIRECT' },
  ...{ isPinned: false, isSelfValidated: true, isIntrospectable: false, consumerKeyClaim: 'azp', scopesClaim: 'scope' },
  ...{ claimMapping: [], tokenValidation: [] },
};

/**
 * Applications, subscriptions, keys and a key manager for the APIs, written into the gateway's feed, and as many signed tokens as asked for.
 * The gateway cannot tell them from those the portals make.
 */
export const populate = async (server, apiIds, { applications, tokens }) => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'bench', alg: 'RS256', use: 'sig' };
  const owned = Array.from({ length: applications }, (_, index) => ownedApplication(1_000_000 + index, apiIds));
  const documents = [
    ['key-manager', 'Bench', { ...KEY_MANAGER, jwks: [jwk] }],
    ...owned.flatMap(({ uuid, consumerKey, document, subscriptions }) => [
      ['application', uuid, document],
      ['key-mapping', `Bench:${consumerKey}`, { consumerKey, keyManager: 'Bench', applicationId: uuid, keyType: 'PRODUCTION' }],
      ...subscriptions.map((body) => ['subscription', body.subscriptionId, body]),
    ]),
    // Real counting at both levels: limits no run reaches.
    ...['application', 'subscription'].map((level) => [
      'policy',
      `${level}:${level === 'application' ? 'BenchApplication' : 'BenchPlan'}`,
      {
        level,
        name: level === 'application' ? 'BenchApplication' : 'BenchPlan',
        quota: { type: 'REQUESTCOUNTLIMIT', timeUnit: 'min', unitTime: 1, count: 1_000_000_000 },
        burst: null,
        stopOnQuotaReach: true,
      },
    ]),
    // Calls without a token are limited per client address; the one client here must not be.
    [
      'policy',
      'subscription:Unauthenticated',
      {
        level: 'subscription',
        name: 'Unauthenticated',
        quota: { type: 'REQUESTCOUNTLIMIT', timeUnit: 'min', unitTime: 1, count: 2_147_483_647 },
        burst: null,
        stopOnQuotaReach: true,
      },
    ],
  ];
  await write(server, documents);
  return {
    applications: owned,
    publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }),
    tokens: Array.from({ length: tokens }, (_, index) => sign(privateKey, owned[index % owned.length].consumerKey)),
  };
};

const ownedApplication = (id, apiIds) => {
  const uuid = randomUUID();
  return {
    uuid,
    consumerKey: randomBytes(16).toString('hex'),
    document: { uuid, id, name: `bench ${id}`, owner: 'admin', policy: 'BenchApplication', organization: ORGANIZATION },
    subscriptions: apiIds.map((apiId) => ({
      ...{ subscriptionId: randomUUID(), apiId, applicationId: uuid },
      ...{ policy: 'BenchPlan', state: 'UNBLOCKED' },
    })),
  };
};

/** Writes documents, each `[kind, key, body]`, into the server's feed. */
export const write = (server, documents) =>
  intoFeed(
    server,
    `SELECT '${ORGANIZATION}', d->>0, d->>1, nextval('gateway_document_seq'), d->2 FROM jsonb_array_elements($1::jsonb) AS d`,
    [JSON.stringify(documents)],
  );

/** Copies the open API `/open` of the server's feed as often as asked for, as `/copy1/1.0.0` and so on. */
export const copyApi = (server, copies) =>
  intoFeed(
    server,
    `SELECT organization, kind, 'copy' || n || ':' || (body->>'environment'), nextval('gateway_document_seq'),
       body || jsonb_build_object('apiId', 'copy' || n, 'name', 'Copy' || n, 'context', '/copy' || n, 'path', '/copy' || n || '/1.0.0')
     FROM gateway_document, generate_series(1, $1::int) AS n WHERE kind = 'api' AND body->>'context' = '/open'`,
    [copies],
  );

const intoFeed = async (server, rows, parameters) => {
  const client = new pg.Client({ host: join(server.dataDir, 'postgres'), user: 'gatehouse', database: 'postgres' });
  await client.connect();
  await client.query(
    `INSERT INTO gateway_document (organization, kind, key, seq, body) ${rows}
     ON CONFLICT (organization, kind, key) DO UPDATE SET seq = excluded.seq, body = excluded.body`,
    parameters,
  );
  await client.query("SELECT pg_notify('gatehouse_feed', '0')");
  await client.end();
};

const encoded = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

const sign = (privateKey, consumerKey) => {
  const now = Math.floor(Date.now() / 1_000);
  const subject = randomUUID();
  const body = `${encoded({ alg: 'RS256', typ: 'at+jwt', kid: 'bench' })}.${encoded({
    iss: ISSUER,
    sub: subject,
    aut: 'APPLICATION',
    aud: consumerKey,
    azp: consumerKey,
    client_id: consumerKey,
    scope: 'default',
    iat: now,
    nbf: now,
    exp: now + LIFE_S,
    jti: randomUUID(),
    entity_id: consumerKey,
    realm: { signing_tenant: ORGANIZATION },
  })}`;
  return `${body}.${createSign('RSA-SHA256').update(body).sign(privateKey).toString('base64url')}`;
};
