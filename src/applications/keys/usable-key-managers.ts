import { Injectable } from '@nestjs/common';
import { found } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import { type KeyManager, RESIDENT } from '../../keys/managers/key-manager.js';
import { KeyManagersService } from '../../keys/managers/key-managers.service.js';
import {
  KeyManagerDisabled,
  KeyManagerIssuesNoTokens,
  KeyManagerMakesNoClients,
  KeyManagerNotRegistered,
} from './application-keys.problems.js';

/** Decides what a key manager may be used for, in the order the product checks (`reference/devportal.md` §6). */
@Injectable()
export class UsableKeyManagers {
  constructor(private readonly keyManagers: KeyManagersService) {}

  /** The enabled key manager of this name or id; the resident one unless given. @throws 400 901403 or 901406 */
  async named(caller: User, text: string | undefined): Promise<KeyManager> {
    const wanted = text || RESIDENT;
    const keyManager = found(await this.keyManagers.byNameOrId(caller.organization, wanted), KeyManagerNotRegistered);
    if (!keyManager.enabled) throw KeyManagerDisabled();
    return keyManager;
  }

  /** One that registers OAuth clients. @throws as {@link named}, and 400 901405 */
  async forClients(caller: User, text: string | undefined): Promise<KeyManager> {
    const keyManager = await this.named(caller, text);
    if (!keyManager.enableOAuthAppCreation || keyManager.tokenType === 'EXCHANGED') throw KeyManagerMakesNoClients();
    return keyManager;
  }

  /** One that issues tokens. @throws as {@link named}, and 400 901405 */
  async forTokens(caller: User, text: string): Promise<KeyManager> {
    const keyManager = await this.named(caller, text);
    if (!keyManager.enableTokenGeneration) throw KeyManagerIssuesNoTokens();
    return keyManager;
  }
}
