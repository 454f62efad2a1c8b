import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from './load.js';

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-config-'));
let files = 0;
const load = (toml: string, environment: NodeJS.ProcessEnv = {}) => {
  const file = join(folder, `${files++}.toml`);
  writeFileSync(file, toml);
  return loadConfig(file, environment);
};

describe('honoured keys', () => {
  it('keeps the defaults of an empty file', () => {
    const { config, warnings } = load('');

    expect(config.server.offset).toBe(0);
    expect(config.transport.https.properties.port).toBe(9443);
    expect(config.apim.gateway.environment.map(({ name }) => name)).toEqual(['Default']);
    expect(warnings).toEqual([]);
  });

  it.each([
    ['[server]\noffset = 3', {}, 3],
    ['', { APIM_SERVER__OFFSET: '4' }, 4],
    ['[server]\noffset = 3', { APIM_SERVER__OFFSET: '4' }, 4],
    ['[server]\noffset = "$env{N}"', { N: '5' }, 5],
    ['[transport.https.properties]\nport = 6\n[server]\noffset = "$ref{transport.https.properties.port}"', {}, 6],
  ])('%j with %j gives offset %d', (toml, environment, offset) => expect(load(toml, environment).config.server.offset).toBe(offset));

  it('takes keys with capitals from the file and from the environment', () => {
    const proxyPort = (toml: string, environment: NodeJS.ProcessEnv = {}) =>
      load(toml, environment).config.transport.https.properties.proxyPort;

    expect(proxyPort('[transport.https.properties]\nproxyPort = 443')).toBe(443);
    expect(proxyPort('[transport.https.properties]\nproxyPort = 443', { APIM_TRANSPORT__HTTPS__PROPERTIES__PROXYPORT: '444' })).toBe(444);
  });

  it('takes the stores of shared limits as the product’s file names them', () => {
    const { config, warnings } = load(`
      [apim.distributed_throttling]
      enable = true
      type = "valkey"
      sync_interval = 1
      core_pool_size = 5
      [apim.distributed_throttling.keyvalue_store]
      host = "quotas"
      user = "apim"
      ssl = true
      max_total = 8
      [throttling.distributed]
      counter.type = "redis"
      [apim.redis_config]
      host = "bursts"
      database_id = 2
      gateway_id = "one"
      min_gateway_count = 3
      pool_options.max_total = 8
      [throttling.sync-async_hybrid_mode]
      enable = true`);

    const { distributedThrottling, redisConfig } = config.apim;
    expect(distributedThrottling).toMatchObject({ enable: true, type: 'valkey', syncInterval: 1, waitMsMax: 50 });
    expect(distributedThrottling.keyvalueStore).toMatchObject({ host: 'quotas', port: 6379, user: 'apim', ssl: true, databaseId: 0 });
    expect(redisConfig).toMatchObject({ host: 'bursts', databaseId: 2, gatewayId: 'one', minGatewayCount: 3, keyLockRetrievalTimeout: 50 });
    expect(config.throttling.distributed.counter.type).toBe('redis');
    expect(warnings.map((line) => /(apim|throttling)[.\w-]+/.exec(line)?.[0])).toEqual([
      'apim.distributed_throttling.core_pool_size',
      'apim.distributed_throttling.keyvalue_store.max_total',
      'apim.redis_config.pool_options',
      'throttling.sync-async_hybrid_mode',
    ]);
  });

  it('takes the attributes of traces from the variable of OpenTelemetry, before the file', () => {
    const toml = '[apim.open_telemetry]\notel_resource_attributes = "region=us"';

    const { config } = load(toml, { OTEL_RESOURCE_ATTRIBUTES: 'region=eu' });

    expect(config.apim.openTelemetry.otelResourceAttributes).toBe('region=eu');
  });

  it('passes over what Kubernetes says of a service named apim', () =>
    expect(
      load('', { APIM_SERVICE_HOST: '10.0.0.1', APIM_SERVICE_PORT_HTTPS: '9443', APIM_PORT_9443_TCP: 'tcp://10.0.0.1:9443' }).warnings,
    ).toEqual([]));

  it('reads secrets, in brackets or from the environment', () => {
    expect(load('[super_admin]\npassword = "$secret{adm}"\n[secrets]\nadm = "[s3cret]"').config.superAdmin.password).toBe('s3cret');
    expect(load('[super_admin]\npassword = "$secret{ADM}"', { ADM: 'other' }).config.superAdmin.password).toBe('other');
  });

  it('takes arrays of tables', () => {
    const { config } = load('[[apim.gateway.environment]]\nname = "EU"\ntype = "production"\n[[apim.gateway.environment]]\nname = "US"');

    expect(config.apim.gateway.environment.map(({ name, type }) => [name, type])).toEqual([
      ['EU', 'production'],
      ['US', 'hybrid'],
    ]);
  });

  it('keeps a text that looks like a number where the key wants text', () => {
    expect(load('', { APIM_SUPER_ADMIN__PASSWORD: '123456' }).config.superAdmin.password).toBe('123456');
  });

  it.each([
    '1.10',
    '1e5',
    '0x1F',
    '1_000',
    '2026-01-01',
    'true',
    '[a',
    '{x',
    ' a ',
  ])('takes the environment’s %j literally where the key wants text', (password) =>
    expect(load('', { APIM_SUPER_ADMIN__PASSWORD: password }).config.superAdmin.password).toBe(password));

  it('takes lists from the environment', () =>
    expect(load('', { APIM_GATEWAY__LABELS: '["A", "B"]' }).config.gateway.labels).toEqual(['A', 'B']));
});

describe('keys without effect', () => {
  it.each([
    ['[keystore.internal]\nfile_name = "a.jks"\npassword = "x"', /^keystore\.internal has no effect/],
    ['[database.shared_db]\ntype = "h2"\nurl = "x"', /^database\.shared_db has no effect/],
    ['[[apim.throttling.url_group]]\ntraffic_manager_urls = ["tcp://x:9611"]', /apim\.throttling\.url_group/],
    ['[apim.event_hub]\nenable = true', /apim\.event_hub/],
  ])('%j only warns', (toml, expected) => {
    const { warnings } = load(toml);

    expect(warnings).toEqual([expect.stringMatching(expected)]);
  });
});

describe('mistakes', () => {
  it.each([
    ['[server]\nofset = 1', 'unknown configuration key server.ofset; the nearest known key is server.offset'],
    ['[servr]\noffset = 1', 'unknown configuration key servr; the nearest known key is server'],
    ['[server]\noffset = "many"', 'server.offset must be a number, not "many"'],
    ['[server]\noffset = -1', 'server.offset: it must not be less than 0'],
    ['[server]\nhostname = ["a"]', 'server.hostname must be a text, not ["a"]'],
    [
      '[[gateway.api_key_certificate]]\ncertificate = "none"',
      'gateway.api_key_certificate.0.certificate: it must be a certificate or a public key of RSA, as PEM',
    ],
    ['server = 1', 'server must be a table'],
    ['[apim.distributed_throttling]\ntype = "memcached"', 'apim.distributed_throttling.type'],
    ['[throttling.distributed]\ncounter.type = "etcd"', 'throttling.distributed.counter.type'],
    ['[apim.redis_config]\nprot = 1', 'unknown configuration key apim.redis_config.prot; the nearest known key is apim.redis_config.port'],
    ['[apim.cors]\nenable = "perhaps"', 'apim.cors.enable must be a boolean, not "perhaps"'],
    ['[server]\nhostname = "$env{NOT_THERE}"', 'server.hostname: $env{NOT_THERE} has no value; set the environment variable NOT_THERE'],
    ['[server]\nhostname = "$ref{server.hostname}"', 'server.hostname: $ref{server.hostname} refers to itself'],
    ['[server]\nhostname = "$ref{server.data_dir}"\ndata_dir = "$ref{server.hostname}"', 'refers to itself'],
    ['[server]\nhostname = "$ref{constructor}"', '$ref{constructor} has no value'],
    ['[__proto__]\noffset = 1', 'unknown configuration key __proto__'],
    ['[server.constructor.prototype]\noffset = 1', 'unknown configuration key server.constructor'],
  ])('%j is refused', (toml, message) => expect(() => load(toml)).toThrow(message));

  it('names the place of a syntax error', () => expect(() => load('[server\noffset = 1')).toThrow(/\.toml:1:\d+: /));

  it('names an unknown environment variable by its path', () =>
    expect(() => load('', { APIM_SERVER__OFSET: '1' })).toThrow(
      'unknown configuration key server.ofset; the nearest known key is server.offset',
    ));
});

it.each([
  'APIM___PROTO____OFFSET',
  'APIM_CONSTRUCTOR__PROTOTYPE__OFFSET',
  'APIM_SERVER____PROTO____OFFSET',
])('%s reaches no prototype', (name) => {
  expect(() => load('', { [name]: '7' })).toThrow(/unknown configuration key|is no table/);
  expect(({} as { offset?: unknown }).offset).toBeUndefined();
});

it('says so when the file cannot be read', () => expect(() => loadConfig(folder, {})).toThrow(/cannot be read: EISDIR/));
