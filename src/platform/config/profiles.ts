import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import { StartError } from './config-error.js';
import { nearest } from './nearest.js';

export const MODULES = ['publisher', 'devportal', 'admin', 'key-manager', 'identity', 'analytics', 'gateway'] as const;
export type ModuleName = (typeof MODULES)[number];

export const PROFILES = ['all-in-one', 'control-plane', 'gateway', 'traffic-manager', 'key-manager'] as const;
export type ProfileName = (typeof PROFILES)[number];

/** The product's names for our profiles. */
const ALIASES: Readonly<Record<string, ProfileName>> = {
  default: 'all-in-one',
  'gateway-worker': 'gateway',
  'api-key-manager-node': 'key-manager',
  'api-key-manager': 'key-manager',
  'api-control-plane': 'control-plane',
};

export interface Profile {
  readonly name: ProfileName;
  readonly modules: ReadonlySet<ModuleName>;
}

const isProfile = (name: string): name is ProfileName => PROFILES.some((profile) => profile === name);
const isModule = (name: unknown): name is ModuleName => MODULES.some((module) => module === name);

/** Reads `profiles/<name>.toml`, which lists the profile's modules. @throws StartError for an unknown profile or module. */
export const loadProfile = (name: string, folder: string): Profile => {
  const profile = ALIASES[name] ?? name;
  const known = [...PROFILES, ...Object.keys(ALIASES)];
  if (!isProfile(profile)) throw new StartError(`unknown profile ${name}; the nearest known profile is ${nearest(name, known)}`);
  const file = join(folder, `${profile}.toml`);
  if (!existsSync(file)) throw new StartError(`profile file ${file} does not exist`);
  const { modules } = parse(readFileSync(file, 'utf8'));
  if (!Array.isArray(modules)) throw new StartError(`${file}: modules must be a list`);
  for (const module of modules) {
    if (!isModule(module))
      throw new StartError(`${file}: unknown module ${String(module)}; the nearest known module is ${nearest(String(module), MODULES)}`);
  }
  return { name: profile, modules: new Set(modules.filter(isModule)) };
};
