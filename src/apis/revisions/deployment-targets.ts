import type { Environment } from '../../environments/environment.js';
import { EnvironmentNotFound, EnvironmentReadOnly, VhostMissing, VhostUnknown } from './revisions.problems.js';

/** Where a revision goes. */
export interface Target {
  readonly name?: string;
  readonly vhost?: string;
}

/** The virtual host for each environment, every one checked; the last of several entries for one environment counts. */
export const vhostsOf = (environments: readonly Environment[], targets: readonly Target[]): ReadonlyMap<string, string> => {
  const vhosts = new Map<string, string>();
  for (const { name = '', vhost } of targets) {
    const environment = environments.find((known) => known.name === name);
    if (environment === undefined) throw EnvironmentNotFound(name);
    if (environment.mode === 'READ_ONLY') throw EnvironmentReadOnly(name);
    if (!vhost) throw VhostMissing();
    if (!environment.vhosts.some((known) => known.host === vhost || known.wsHost === vhost)) throw VhostUnknown();
    vhosts.set(name, vhost);
  }
  return vhosts;
};
