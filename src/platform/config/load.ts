import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type ValidationError, validateSync } from 'class-validator';
import { parse, TomlError } from 'smol-toml';
import { keyFileOf, keyRing } from '../crypto/encryption-key.js';
import type { KeyRing } from '../crypto/key-ring.js';
import { Secrets } from '../crypto/secrets.js';
import { Config } from './config.js';
import { StartError } from './config-error.js';
import { nearest } from './nearest.js';
import { resolveReferences } from './references.js';
import { EncryptionConfig, ServerConfig } from './sections/server.config.js';
import { type SectionClass, type SettingFacts, settingsOf } from './setting.js';
import { withoutEffect } from './without-effect.js';

type Tree = { [key: string]: unknown };

export interface LoadedConfig {
  readonly config: Config;
  /** One line for each key that is known but without effect. */
  readonly warnings: readonly string[];
}

/** Variables that are ours but no settings, and those that Kubernetes gives every container beside a service named `apim`. */
const NO_SETTING = /^APIM_(PROFILE|CONFIG|SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?|PORT(_[A-Z0-9_]+)?)$/;

const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);

/**
 * Reads `deployment.toml`, lays `APIM_A__B` variables over it, resolves references and validates the result.
 * @throws StartError naming the key and what is wrong with it.
 */
export const loadConfig = (file: string | undefined, environment: NodeJS.ProcessEnv): LoadedConfig => {
  const tree = file === undefined ? {} : readToml(file);
  for (const [name, value] of Object.entries(environment)) {
    if (name.startsWith('APIM_') && !NO_SETTING.test(name) && value !== undefined) overlay(tree, name, value);
  }
  const attributes = environment['OTEL_RESOURCE_ATTRIBUTES'];
  if (attributes) overlay(tree, 'APIM_APIM__OPEN_TELEMETRY__OTEL_RESOURCE_ATTRIBUTES', attributes);
  const warnings: string[] = [];
  const resolved = resolveReferences(tree, environment, configuredOpener(tree, environment));
  const config = sectionFrom(Config, resolved, '', warnings) as Config; // made by its own constructor
  const [first] = validateSync(config, { forbidUnknownValues: false });
  if (first) throw new StartError(wording(first));
  return { config: deepFreeze(config), warnings };
};

/** The table `[secrets]` as it stands in the file. */
export const rawSecrets = (file: string | undefined): Readonly<Record<string, string>> => {
  const { secrets } = file === undefined ? {} : readToml(file);
  return Object.fromEntries(Object.entries(isTree(secrets) ? secrets : {}).map(([alias, text]) => [alias, String(text)]));
};

/** Decrypts secrets of the configuration with the keys it names itself, or with those in the data folder. */
const configuredOpener = (tree: Tree, environment: NodeJS.ProcessEnv): ((sealed: string) => string) => {
  let secrets: Secrets | undefined;
  return (sealed) => {
    secrets ??= new Secrets({ keys: configuredKeys(tree, environment) });
    return secrets.decrypt(sealed);
  };
};

const configuredKeys = (tree: Tree, environment: NodeJS.ProcessEnv): KeyRing => {
  const noKey = () => {
    throw new StartError('the configuration holds encrypted secrets, and what says where their key is must not be one of them');
  };
  const needed = resolveReferences(tree, environment, noKey, ['encryption', 'server']);
  const part = (section: SectionClass, key: string): object => sectionFrom(section, isTree(needed[key]) ? needed[key] : {}, key, []);
  const encryptionConfig = part(EncryptionConfig, 'encryption') as EncryptionConfig; // made by their own constructors
  const { dataDir } = part(ServerConfig, 'server') as ServerConfig;
  const file = keyFileOf(resolve(dataDir));
  if (encryptionConfig.key === '' && !existsSync(file))
    throw new StartError(`the configuration holds encrypted secrets, and neither encryption.key nor ${file} holds a key`);
  return keyRing(encryptionConfig, resolve(dataDir), true);
};

const readToml = (file: string): Tree => {
  if (!existsSync(file)) throw new StartError(`configuration file ${file} does not exist`);
  try {
    return parse(readFileSync(file, 'utf8'));
  } catch (err) {
    if (!(err instanceof TomlError))
      throw new StartError(`configuration file ${file} cannot be read: ${(err as Error).message}`, { cause: err }); // fs throws errors
    throw new StartError(`${file}:${err.line}:${err.column}: ${err.message.split('\n')[0]}`, { cause: err });
  }
};

/** Lays one variable over the tree. */
const overlay = (tree: Tree, name: string, text: string): void => {
  const path = spelled(name.slice('APIM_'.length).toLowerCase().split('__'));
  const last = path.pop() ?? '';
  let node = tree;
  for (const key of path) {
    const next = node[key];
    if (next !== undefined && !isTree(next)) throw new StartError(`environment variable ${name}: ${key} is no table`);
    const table = isTree(next) ? next : {};
    node[key] = table;
    node = table;
  }
  node[last] = typeof node[last] === 'string' ? text : tomlValue(text);
};

/** The path as the settings spell it: some of the product's keys have capitals. */
const spelled = (path: readonly string[]): string[] => {
  let section: SectionClass | undefined = Config;
  return path.map((part) => {
    const setting: SettingFacts | undefined = section && settingsOf(section).find(({ key }) => key.toLowerCase() === part);
    section = setting?.section;
    return setting?.key ?? part;
  });
};

/** Lists, tables and quoted texts are TOML; anything else is text that the setting's own type reads: the password `1.10` is none of 1.1. */
const tomlValue = (text: string): unknown => {
  if (!/^\s*[[{"']/.test(text)) return text;
  try {
    return parse(`value = ${text}`)['value'];
  } catch {
    return text;
  }
};

/** Fills a section's class from a table; unknown keys stop the start. */
const sectionFrom = (section: SectionClass, tree: Tree, path: string, warnings: string[]): object => {
  const instance = new section() as Tree; // filled by the names its own settings declare
  const settings = settingsOf(section);
  const full = (key: string) => (path ? `${path}.${key}` : key);
  for (const [key, value] of Object.entries(tree)) {
    const setting = settings.find((each) => each.key === key);
    if (setting) instance[setting.property] = settingValue(setting, value, full(key), warnings);
    else refuseUnknown(full(key), value, settings, warnings);
  }
  return instance;
};

const settingValue = (setting: SettingFacts, value: unknown, path: string, warnings: string[]): unknown => {
  const { section, listOf } = setting;
  if (section) {
    if (!isTree(value)) throw new StartError(`${path} must be a table`);
    return sectionFrom(section, value, path, warnings);
  }
  if (listOf) {
    if (!Array.isArray(value) || !value.every(isTree)) throw new StartError(`${path} must be an array of tables: [[${path}]]`);
    return value.map((item) => sectionFrom(listOf, item, path, warnings));
  }
  const converted = convert(setting.type, value);
  if (converted === undefined) throw new StartError(`${path} must be ${article(setting.type)}, not ${JSON.stringify(value)}`);
  return converted;
};

const article = (type: SettingFacts['type']) => (type === 'string' ? 'a text' : `a ${type}`);

const convert = (type: SettingFacts['type'], value: unknown): unknown => {
  if (type === 'number')
    return typeof value === 'number'
      ? value
      : typeof value === 'string' && value.trim() !== '' && !Number.isNaN(Number(value))
        ? Number(value)
        : undefined;
  if (type === 'boolean') return typeof value === 'boolean' ? value : value === 'true' ? true : value === 'false' ? false : undefined;
  if (type === 'list') return Array.isArray(value) ? value : undefined;
  if (type === 'map') return isTree(value) ? value : undefined;
  return typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
};

const refuseUnknown = (path: string, value: unknown, settings: readonly SettingFacts[], warnings: string[]): void => {
  const reason = withoutEffect(path);
  if (reason) {
    warnings.push(`${path} has no effect: ${reason}`);
    return;
  }
  if (
    isTree(value) &&
    Object.keys(value).length > 0 &&
    Object.keys(value).every((key) => withoutEffect(`${path}.${key}`) || isTree(value[key]))
  ) {
    for (const [key, item] of Object.entries(value)) refuseUnknown(`${path}.${key}`, item, settings, warnings);
    return;
  }
  const prefix = path.slice(0, path.lastIndexOf('.') + 1);
  const close = nearest(
    path.slice(prefix.length),
    settings.map((setting) => setting.key),
  );
  throw new StartError(`unknown configuration key ${path}${close ? `; the nearest known key is ${prefix}${close}` : ''}`);
};

/** The first broken rule, with its full path in the file's spelling. */
const wording = (error: ValidationError, path = ''): string => {
  const owner = error.target?.constructor as SectionClass | undefined; // class-validator keeps the instance it looked at
  const key = (owner && settingsOf(owner).find((setting) => setting.property === error.property)?.key) ?? error.property;
  const full = path ? `${path}.${key}` : key;
  const child = error.children?.[0];
  if (child) return wording(child, full);
  return `${full}: ${Object.values(error.constraints ?? { wrong: 'is not valid' })[0]?.replace(new RegExp(`^${error.property}`), 'it')}`;
};

const deepFreeze = <T>(value: T): T => {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const item of Object.values(value)) deepFreeze(item);
  }
  return value;
};
