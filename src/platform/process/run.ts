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

const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;
type Ending = keyof typeof SIGNALS;
/** Ctrl-C reaches npm and us, and npm passes it on: what comes at once is the same wish. */
const INSISTING_MS = 500;

const atSignals = (end: (signal: Ending) => void): (() => void) => {
  const listeners = (['SIGINT', 'SIGTERM'] as const).map((signal) => ({ signal, listener: () => end(signal) }));
  for (const { signal, listener } of listeners) process.on(signal, listener);
  return () => {
    for (const { signal, listener } of listeners) process.off(signal, listener);
  };
};

/** Until the server runs there is nothing to end in order: a signal ends the process, and whatever was started goes with it. */
export const quitOnSignals = (): (() => void) => atSignals((signal) => process.exit(process.exitCode ?? SIGNALS[signal]));

/** Ends the process in order at SIGTERM and SIGINT; a second signal, when it is not the echo of the first, ends it at once. */
export const stopOnSignals = (stop: () => Promise<void>, release: () => Promise<void>): void => {
  let stoppingSince: number | undefined;
  const end = async () => {
    if (stoppingSince !== undefined) {
      if (performance.now() - stoppingSince > INSISTING_MS) process.exit(1);
      return;
    }
    stoppingSince = performance.now();
    try {
      await stop();
      await release();
      process.exit();
    } catch (err) {
      process.stderr.write(`gatehouse: the stop failed: ${err instanceof Error ? err.stack : String(err)}\n`);
      process.exit(1);
    }
  };
  atSignals(() => void end());
};
