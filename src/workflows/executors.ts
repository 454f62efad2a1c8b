import { Injectable } from '@nestjs/common';
import type { ConfiguredWorkflow, TenantConfig } from '../identity/tenant-config/tenant-config.js';
import { TenantConfigs } from '../identity/tenant-config/tenant-configs.js';
import { WorkflowsConfig } from '../platform/config/sections/workflows.config.js';
import { Secrets } from '../platform/crypto/secrets.js';
import type { Tx } from '../platform/database/transactions.js';
import type { WorkflowType } from './workflow-types.js';

/** The key of a type below `Workflows` in the tenant's configuration; the second is asked where the first is not there. */
const ELEMENTS: Readonly<Record<WorkflowType, readonly string[]>> = {
  APPLICATION_CREATION: ['ApplicationCreation'],
  APPLICATION_UPDATE: ['ApplicationUpdate'],
  APPLICATION_DELETION: ['ApplicationDeletion'],
  APPLICATION_REGISTRATION_PRODUCTION: ['ProductionApplicationRegistration'],
  APPLICATION_REGISTRATION_SANDBOX: ['SandboxApplicationRegistration'],
  SUBSCRIPTION_CREATION: ['SubscriptionCreation'],
  SUBSCRIPTION_UPDATE: ['SubscriptionUpdate'],
  SUBSCRIPTION_DELETION: ['SubscriptionDeletion'],
  USER_SIGNUP: ['UserSignUp'],
  API_STATE: ['APIStateChange'],
  API_PRODUCT_STATE: ['APIProductStateChange', 'APIStateChange'],
  REVISION_DEPLOYMENT: ['APIRevisionDeployment'],
};

/** Where an outside system is told, and the secret it shares with us. */
export interface OutsideSystem {
  readonly url: string;
  readonly secret: string;
}

/** Decides whether a change runs at once or asks a person: as the tenant's configuration says, else as the server's does. */
@Injectable()
export class Executors {
  constructor(
    private readonly tenants: TenantConfigs,
    private readonly config: WorkflowsConfig,
    private readonly secrets: Secrets,
  ) {}

  /** Who has to be asked; undefined for nobody. `step` is the transition `State:Action` of a change of state. */
  async asked(tx: Tx, organization: string, type: WorkflowType, step?: string): Promise<ConfiguredWorkflow | undefined> {
    const own = await this.tenants.of(organization, tx.em);
    const deciding = configuredBy(own, type) === undefined ? serverWide(this.config) : own;
    return approvalBy(deciding, type, step) ? configuredBy(deciding, type) : undefined;
  }

  /** The outside system that the tenant has for the type now; undefined without one. */
  async outside(organization: string, type: WorkflowType): Promise<OutsideSystem | undefined> {
    const { executor, url, secret } = configuredBy(await this.tenants.of(organization), type) ?? {};
    return executor === 'http' && url && secret ? { url, secret: this.secrets.decrypt(secret) } : undefined;
  }
}

/** The server's own configuration in the form of a tenant's. */
export const serverWide = (config: WorkflowsConfig): Pick<TenantConfig, 'Workflows'> => {
  const { applicationAttributesVisibility } = config;
  return {
    Workflows: {
      ApplicationCreation: { executor: config.applicationCreation, applicationAttributesVisibility },
      ApplicationUpdate: { executor: config.applicationUpdate, applicationAttributesVisibility },
      ApplicationDeletion: { executor: config.applicationDeletion, applicationAttributesVisibility },
      ProductionApplicationRegistration: { executor: config.productionApplicationRegistration, applicationAttributesVisibility },
      SandboxApplicationRegistration: { executor: config.sandboxApplicationRegistration, applicationAttributesVisibility },
      SubscriptionCreation: { executor: config.subscriptionCreation },
      SubscriptionUpdate: { executor: config.subscriptionUpdate },
      SubscriptionDeletion: { executor: config.subscriptionDeletion },
      UserSignUp: { executor: config.userSignUp },
      APIRevisionDeployment: { executor: config.apiRevisionDeployment },
      APIStateChange: { executor: 'approval', stateList: config.stateList },
    },
  };
};

/** What a configuration says about the type; undefined when it says nothing. A change of state needs an approval only where the list names it. */
export const approvalBy = ({ Workflows = {} }: Pick<TenantConfig, 'Workflows'>, type: WorkflowType, step?: string): boolean | undefined => {
  const configured = configuredBy({ Workflows }, type);
  if (configured === undefined) return undefined;
  if (configured.executor === 'simple') return false;
  if (step === undefined) return true;
  return (configured.stateList ?? '').split(',').some((listed) => sameStep(listed, step));
};

const configuredBy = ({ Workflows = {} }: Pick<TenantConfig, 'Workflows'>, type: WorkflowType): ConfiguredWorkflow | undefined =>
  ELEMENTS[type].flatMap((element) => Workflows[element] ?? [])[0];

/** Blanks around the names and their letter case do not count. */
const sameStep = (listed: string, step: string): boolean => normal(listed) === normal(step);
const normal = (step: string): string =>
  step
    .split(':')
    .map((word) => word.trim().toLowerCase())
    .join(':');
