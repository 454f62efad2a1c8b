import { join } from 'node:path';
import { StartError } from './platform/config/config-error.js';
import { loadConfig } from './platform/config/load.js';
import { loadProfile } from './platform/config/profiles.js';
import { prepare } from './platform/process/prepare.js';
import { announce, quitOnSignals, stopOnSignals } from './platform/process/run.js';

export interface StartOptions {
  /** The package's folder, which holds `config/` and `migrations/`. */
  readonly root: string;
  readonly configFile: string | undefined;
  readonly profile: string | undefined;
}

/** Starts everything the profile names and returns once it serves. @throws StartError with one line for the operator. */
export const start = async ({ root, configFile, profile: wanted }: StartOptions): Promise<void> => {
  const { config, warnings } = loadConfig(configFile, process.env);
  for (const warning of warnings) console.log(`warning: ${warning}`);
  const profile = loadProfile(wanted ?? config.server.serverRole, join(root, 'config', 'profiles'));
  if (profile.modules.size === 0) throw new StartError(`profile ${profile.name} has nothing to run: gateways count by themselves`);
  const serving = quitOnSignals();
  // Reading our own code takes as long as starting the database: both at once.
  const [prepared, { serve }] = await Promise.all([prepare(config, profile, join(root, 'migrations')), import('./server.js')]);
  try {
    const server = await serve(prepared.parts);
    stopOnSignals(server.stop, prepared.release);
    serving();
    announce(config, prepared);
  } catch (err) {
    await prepared.release();
    throw err;
  }
};
