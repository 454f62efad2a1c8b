import type { ConfiguredWorkflow, TenantConfig } from './tenant-config.js';

/** The document as administrators read it: no secret of an outside system is shown. */
export const withoutSecrets = (config: TenantConfig): TenantConfig => withSecrets(config, () => '');

/** The document as it is stored. An empty secret means the one that the same address had before for the same element, sealed already. */
export const withSealedSecrets = (config: TenantConfig, before: TenantConfig, seal: (secret: string) => string): TenantConfig =>
  withSecrets(config, (secret, workflow, element) => (secret === '' ? keptSecret(element, workflow, before) : seal(secret)));

/** The first element whose outside system would have no secret; undefined when all have one. */
export const workflowWithoutSecret = (config: TenantConfig, before: TenantConfig): string | undefined =>
  Object.entries(config.Workflows ?? {}).find(
    ([element, workflow]) => workflow.secret === '' && keptSecret(element, workflow, before) === '',
  )?.[0];

const withSecrets = (
  config: TenantConfig,
  change: (secret: string, workflow: ConfiguredWorkflow, element: string) => string,
): TenantConfig => {
  if (config.Workflows === undefined) return config;
  const changed = Object.entries(config.Workflows).map(
    ([element, workflow]) =>
      [element, workflow.secret === undefined ? workflow : { ...workflow, secret: change(workflow.secret, workflow, element) }] as const,
  );
  return { ...config, Workflows: Object.fromEntries(changed) };
};

const keptSecret = (element: string, { url }: ConfiguredWorkflow, { Workflows = {} }: TenantConfig): string => {
  const known = Workflows[element];
  return known?.url === url ? (known?.secret ?? '') : '';
};
