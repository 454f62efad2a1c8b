import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { DeployedApis } from '../../apis/revisions/deployed-apis.js';
import { found } from '../../domain/problem.js';
import { Transactions, type Tx } from '../../platform/database/transactions.js';
import { type ArtifactState, type DeployedArtifact, DeployedArtifacts, isDeployed, isGone, isServed } from '../deployed-artifacts.js';
import { ApiNotDeployed, ApiUnknown } from './gateway-rest.problems.js';

/** What an API is asked for by. */
export interface ApiName {
  readonly organization: string;
  readonly name: string;
  readonly version: string;
}

/** Gateways need milliseconds; one that is busy or away is not waited for any longer. */
const WAIT_MS = 10_000;
const PAUSE_MS = 25;

/** APIs as the gateways serve them, and the operator's hand on that. */
@Injectable()
export class ArtifactsService {
  constructor(
    private readonly deployed: DeployedArtifacts,
    private readonly deployedApis: DeployedApis,
    private readonly transactions: Transactions,
  ) {}

  /** What gateways serve of an API that all of them serve. @throws ApiUnknown, ApiNotDeployed (404). */
  async served(api: ApiName): Promise<readonly DeployedArtifact[]> {
    const state = await this.state(api);
    if (!isDeployed(state)) throw ApiNotDeployed(api.name, api.version, reasonOf(state));
    return state.artifacts.filter(isServed);
  }

  /** Has all gateways serve the deployments of the API, written anew, and waits for them. @throws ApiUnknown, ApiNotDeployed (404). */
  async redeploy(api: ApiName): Promise<{ readonly isDone: boolean; readonly state: ArtifactState }> {
    const { apiId, artifacts } = await this.state(api);
    if (artifacts.length === 0) throw ApiNotDeployed(api.name, api.version, 'no revision of it is deployed.');
    await this.changing(api, apiId, (tx) => this.deployedApis.restore(tx, api.organization, apiId));
    return this.settled(api, isDeployed);
  }

  /** Takes the API off all gateways, until it is redeployed or deployed anew, and waits for them. @throws ApiUnknown (404). */
  async undeploy(api: ApiName): Promise<{ readonly isDone: boolean; readonly state: ArtifactState }> {
    const { apiId } = await this.state(api);
    await this.changing(api, apiId, (tx) => this.deployedApis.withdraw(tx, api.organization, apiId));
    return this.settled(api, isGone);
  }

  private async state(api: ApiName): Promise<ArtifactState> {
    return found(await this.deployed.find(api.organization, api.name, api.version), ApiUnknown, api.name, api.version, api.organization);
  }

  private changing({ organization }: ApiName, apiId: string, change: (tx: Tx) => Promise<void>): Promise<void> {
    return this.transactions.run(async (tx) => {
      // As every deployment does.
      await tx.em.query('SELECT 1 FROM apis WHERE organization = $1 AND id = $2 FOR UPDATE', [organization, apiId]);
      await change(tx);
    });
  }

  private async settled(
    api: ApiName,
    is: (state: ArtifactState) => boolean,
  ): Promise<{ readonly isDone: boolean; readonly state: ArtifactState }> {
    const deadline = performance.now() + WAIT_MS;
    for (;;) {
      const state = await this.state(api);
      const isOver = is(state) || state.artifacts.some(({ refusals }) => refusals.length > 0) || performance.now() > deadline;
      if (isOver) return { isDone: is(state), state };
      await pause(PAUSE_MS);
    }
  }
}

/** Why an API is not deployed, for whoever asks. */
export const reasonOf = ({ artifacts }: ArtifactState): string => {
  if (artifacts.length === 0) return 'no revision of it is deployed.';
  const [refusal] = artifacts.flatMap(({ environment, refusals }) =>
    refusals.map((text) => `a gateway of ${environment} refused it: ${text}`),
  );
  if (refusal !== undefined) return refusal;
  if (artifacts.every(({ document }) => document === null)) return 'it was taken off the gateways; redeploy it to serve it again.';
  if (artifacts.every(({ live }) => live === 0)) return 'no gateway of its environments is running.';
  return 'not all gateways of its environments have confirmed it yet.';
};
