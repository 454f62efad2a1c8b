import { Injectable } from '@nestjs/common';
import { found } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import { type KeyManager, RESIDENT, RESIDENT_TYPE } from '../../keys/managers/key-manager.js';
import { KeyManagerAccess } from '../../keys/managers/key-manager-access.js';
import { KeyManagersService } from '../../keys/managers/key-managers.service.js';
import { ApimConfig } from '../../platform/config/sections/apim.config.js';
import {
  KeyManagerDisabled,
  KeyManagerIssuesNoTokens,
  KeyManagerMakesNoClients,
  KeyManagerMapsNoClients,
  KeyManagerNotRegistered,
  KeyManagerRestricted,
} from './application-keys.problems.js';

/** Decides what a key manager may be used for, in the order the product checks (`reference/devportal.md` §6). */
@Injectable()
export class UsableKeyManagers {
  constructor(
    private readonly keyManagers: KeyManagersService,
    private readonly access: KeyManagerAccess,
    private readonly config: ApimConfig,
  ) {}

  /** The enabled key manager of this name or id in the tenant, open to the caller; the resident one unless given. @throws 400 901403 or 901406, 403 902013 */
  async named(caller: User, organization: string, text: string | undefined): Promise<KeyManager> {
    const wanted = text || RESIDENT;
    const keyManager = found(await this.keyManagers.byNameOrId(organization, wanted), KeyManagerNotRegistered);
    if (!keyManager.enabled) throw KeyManagerDisabled();
    if ((await this.access.usable(caller, organization, [keyManager])).length === 0) throw KeyManagerRestricted(keyManager.name);
    return keyManager;
  }

  /** One that registers OAuth clients. @throws as {@link named}, and 400 901405 */
  async forClients(caller: User, organization: string, text: string | undefined): Promise<KeyManager> {
    const keyManager = await this.named(caller, organization, text);
    if (!keyManager.enableOAuthAppCreation || keyManager.tokenType === 'EXCHANGED') throw KeyManagerMakesNoClients();
    return keyManager;
  }

  /** One whose clients may be mapped; the resident one where the server says so. @throws as {@link named}, and 400 901405 */
  async forMapping(caller: User, organization: string, text: string | undefined): Promise<KeyManager> {
    const keyManager = await this.named(caller, organization, text);
    const byServer = keyManager.type === RESIDENT_TYPE && this.config.devportal.enableKeyProvisioning;
    if (!(keyManager.enableMapOAuthConsumerApps || byServer) || keyManager.tokenType === 'EXCHANGED') throw KeyManagerMapsNoClients();
    return keyManager;
  }

  /** One that issues tokens. @throws as {@link named}, and 400 901405 */
  async forTokens(caller: User, organization: string, text: string): Promise<KeyManager> {
    const keyManager = await this.named(caller, organization, text);
    if (!keyManager.enableTokenGeneration) throw KeyManagerIssuesNoTokens();
    return keyManager;
  }
}
