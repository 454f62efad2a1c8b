import type { Config } from '../config/config.js';
import type { Prepared } from './prepare.js';

/** Says what runs where, who may sign in, and how long the start took. */
export const announce = (config: Config, { installation, parts }: Prepared): void => {
  const { profile } = parts;
  const lines = [`management  ${installation.managementUrl}  (port ${installation.managementPort})`];
  if (profile.modules.has('gateway')) {
    lines.push(`gateway     ${installation.gatewayHttpUrl}  (port ${installation.gatewayHttpPort})`);
    lines.push(`gateway     ${installation.gatewayHttpsUrl}  (port ${installation.gatewayHttpsPort})`);
  }
  if (profile.modules.has('publisher')) lines.push(`publisher   ${installation.managementUrl}/api/am/publisher/v4`);
  if (profile.modules.has('devportal')) lines.push(`devportal   ${installation.managementUrl}/api/am/devportal/v3`);
  if (profile.modules.has('admin')) lines.push(`admin       ${installation.managementUrl}/api/am/admin/v4`);
  if (profile.modules.has('key-manager')) lines.push(`tokens      ${installation.managementUrl}/oauth2/token`);
  if (profile.modules.has('identity'))
    lines.push(
      `first admin ${config.superAdmin.username}, password from super_admin.password${config.superAdmin.password === 'admin' ? ' (its default; change it)' : ''}`,
    );
  lines.push(`data        ${installation.dataDir}`, `ready in ${Math.round(performance.now())} ms`);
  console.log(lines.join('\n'));
};

/** Ends the process in order at SIGTERM and SIGINT; a second signal ends it at once. */
export const stopOnSignals = (stop: () => Promise<void>, release: () => Promise<void>): void => {
  let stopping = false;
  const end = async () => {
    if (stopping) process.exit(1);
    stopping = true;
    try {
      await stop();
      await release();
      process.exit();
    } catch (err) {
      process.stderr.write(`gatehouse: the stop failed: ${err instanceof Error ? err.stack : String(err)}\n`);
      process.exit(1);
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void end());
};
