import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import { Config } from './config.js';
import { describeMarkdown, describeToml } from './describe.js';
import { loadConfig } from './load.js';

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

const loaded = (toml: string): Config => {
  const file = join(folder, 'deployment.toml');
  writeFileSync(file, toml);
  return loadConfig(file, {}).config;
};

describe('the commented configuration file', () => {
  it('changes nothing as it is', () => {
    expect(loaded(describeToml())).toEqual(new Config());
  });

  it('shows the defaults: with every comment taken away from its key it still changes nothing', () => {
    const live = describeToml().replace(/^# (\[\[|\w+ = )/gm, '$1');

    const config = loaded(live);
    // Repeated tables that nothing stands in by default get the one entry that was shown.
    const { applicationAttributes } = config.apim.devportal;
    const defaults = new Config();
    Object.assign(defaults.apim.devportal, { applicationAttributes });
    const { customProperties } = config.apim.publisher;
    Object.assign(defaults.apim.publisher, { customProperties });
    const { identityProvider } = config.outsideSignIn;
    Object.assign(defaults.outsideSignIn, { identityProvider });
    const { apiKeyCertificate, certificate } = config.gateway;
    Object.assign(defaults.gateway, { apiKeyCertificate, certificate });
    const virtualHosts = config.apim.gateway.environment.map(({ virtualHost }) => virtualHost);
    for (const [i, environment] of defaults.apim.gateway.environment.entries())
      Object.assign(environment, { virtualHost: virtualHosts[i] });
    const { resourceAttributes, remoteTracer } = config.apim.openTelemetry;
    Object.assign(defaults.apim.openTelemetry, { resourceAttributes });
    Object.assign(defaults.apim.openTelemetry.remoteTracer, { properties: remoteTracer.properties });
    const { accessControl } = config.resource;
    Object.assign(defaults.resource, { accessControl });
    expect(config).toEqual(defaults);
    expect(accessControl).toHaveLength(1);
    expect(identityProvider).toHaveLength(1);
    expect(applicationAttributes).toHaveLength(1);
    expect(customProperties).toHaveLength(1);
    expect(apiKeyCertificate).toHaveLength(1);
    expect(resourceAttributes).toHaveLength(1);
    expect(remoteTracer.properties).toHaveLength(1);
    expect(certificate).toHaveLength(1);
    expect(virtualHosts).toMatchObject([[{ httpEndpoint: '' }]]);
    expect(parse(live)).toMatchObject({
      server: { hostname: 'localhost', offset: 0 },
      apim: { gateway: { environment: [{ name: 'Default' }] } },
    });
  });
});

it('documents every key that the file shows, with its variable', () => {
  const keys = [...describeToml().matchAll(/^# (\w+) = /gm)].map(([, key]) => key);
  const text = describeMarkdown();

  expect(keys.length).toBeGreaterThan(50);
  for (const key of keys) expect(text).toContain(`| \`${key}\` |`);
  expect(text).toContain('`APIM_TRANSPORT__HTTPS__PROPERTIES__PORT`');
});

it('marks secrets', () => {
  const marked = describeMarkdown()
    .split('\n')
    .filter((line) => line.includes('Secret: never logged.'));

  expect(marked.map((line) => line.split('|')[1]?.trim())).toEqual([
    '`password`',
    '`url`',
    '`password`',
    '`key`',
    '`previous_keys`',
    '`password`',
    '`key_password`',
    '`password`',
    '`key_password`',
    '`password`',
    '`key_password`',
    '`token`',
    '`client_secret`',
    '`value`',
    '`password`',
    '`password`',
    '`password`',
    '`password`',
    '`token`',
    '`key`',
    '`api_token`',
  ]);
});

it.each([
  ['docs/configuration.md', describeMarkdown],
  ['config/deployment.toml', describeToml],
])('%s is what the classes say (write it anew with "npm run docs")', (file, describe) => {
  expect(readFileSync(file, 'utf8')).toBe(describe());
});
