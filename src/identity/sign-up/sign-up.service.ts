import { Injectable, type OnModuleInit } from '@nestjs/common';
import { fullName, SUPER_TENANT } from '../../domain/organization.js';
import { found } from '../../domain/problem.js';
import { IdentityMgtConfig } from '../../platform/config/sections/identity-mgt.config.js';
import { Transactions, type Tx } from '../../platform/database/transactions.js';
import { TooManyRequests } from '../../platform/http/too-many-requests.js';
import { originNow } from '../../platform/origin/origin.js';
import type { WorkflowEntity } from '../../workflows/workflow.entity.js';
import { Workflows } from '../../workflows/workflows.service.js';
import { AddressThrottle } from '../logins/address-throttle.js';
import { RolesService } from '../roles/roles.service.js';
import { DEFAULT_TENANT_CONFIG } from '../tenant-config/tenant-config.js';
import { TenantConfigs } from '../tenant-config/tenant-configs.js';
import { TenantsService } from '../tenants/tenants.service.js';
import { BelongingClaims } from '../users/belonging-claims.js';
import { UserEntity } from '../users/user.entity.js';
import { isUserName } from '../users/user-rules.js';
import { UserExists, UserNotFound } from '../users/users.problems.js';
import { UsersService } from '../users/users.service.js';
import { NameInvalid, SignUpDisabled } from './sign-up.problems.js';
import { checkedClaims, type SignUp } from './sign-up-rules.js';

/** Marks who signed up without being invited; opens nothing. */
const SELF_SIGN_UP_ROLE = 'Internal/selfsignup';

/** People who make their own account (`reference/devportal.md` §10): with the sign-up roles at once, or once somebody approved. */
@Injectable()
export class SignUpService implements OnModuleInit {
  private readonly throttle: AddressThrottle;

  constructor(
    private readonly users: UsersService,
    private readonly roles: RolesService,
    private readonly tenants: TenantsService,
    private readonly tenantConfigs: TenantConfigs,
    private readonly workflows: Workflows,
    private readonly belonging: BelongingClaims,
    private readonly transactions: Transactions,
    private readonly config: IdentityMgtConfig,
  ) {
    const { perAddressMax, regainedPerMinute } = config.userSelfRegistration;
    this.throttle = new AddressThrottle(perAddressMax, regainedPerMinute);
  }

  onModuleInit(): void {
    this.workflows.register('USER_SIGNUP', {
      hold: async (tx, { organization, userId }) => {
        await tx.em.query('SELECT 1 FROM users WHERE organization = $1 AND id = $2 FOR UPDATE', [organization, userId]);
      },
      approve: (tx, workflow) => this.admit(tx, workflow.organization, userOf(workflow)),
      reject: (tx, workflow) => this.users.removeIn(tx, workflow.organization, userOf(workflow)),
    });
  }

  /** Whether people may sign up for this tenant. */
  async isOpen(organization: string): Promise<boolean> {
    return this.config.userSelfRegistration.allowSelfRegistration && (await this.tenants.isActive(organization));
  }

  /**
   * Whether the account may be used at once, or `pending` waits for an approval. Sign-ups are bounded by the client's address, unless who asks may create users anyway.
   * @throws SignUpDisabled (20021), NameInvalid (20045), PasswordRefused (20046), ClaimRefused (30005), UserExists (409), TooManyRequests (429).
   */
  async signUp(organization: string, request: SignUp, mayCreateUsers = false): Promise<'now' | 'pending'> {
    if (!(await this.isOpen(organization))) throw SignUpDisabled(organization);
    const claims = checkedClaims(request, this.belonging, mayCreateUsers);
    const address = originNow()?.address ?? '';
    const waitSeconds = mayCreateUsers ? 0 : this.throttle.waitSeconds(address);
    if (waitSeconds > 0) throw TooManyRequests(waitSeconds, 'sign-ups');
    const { name, password } = request;
    if (await this.users.byName(organization, name)) throw UserExists(name);
    this.throttle.failed(address);
    const passwordHash = await this.users.hash(password);
    const locked = this.config.userSelfRegistration.lockOnCreation;
    return this.transactions.run(async (tx) => {
      const user = await this.users.insert(tx, organization, { name, claims, locked }, passwordHash);
      await this.roles.grant(tx, organization, user.id, [SELF_SIGN_UP_ROLE]);
      tx.raise('audited', { organization, type: 'User', action: 'signed up', info: { user: fullName(user) } });
      const answer = await this.workflows.start(tx, {
        ...{ organization, type: 'USER_SIGNUP', subject: user.id, userId: user.id },
        properties: { tenantAwareUserName: name, tenantDomain: organization },
        description: `Sign-up of ${name}${organization === SUPER_TENANT ? '' : ` for ${organization}`}`,
      });
      if (answer === 'now') await this.admit(tx, organization, user.id);
      return answer;
    });
  }

  /** @throws SignUpDisabled (20021), NameInvalid (20045), UserExists (20030). */
  async checkName(organization: string, name: string): Promise<void> {
    if (!(await this.isOpen(organization))) throw SignUpDisabled(organization);
    if (!isUserName(name)) throw NameInvalid();
    if (await this.users.byName(organization, name)) throw UserExists(name);
  }

  /** @throws UserNotFound (404) when the user is gone by now. */
  private async admit(tx: Tx, organization: string, userId: string): Promise<void> {
    found(await tx.em.findOneBy(UserEntity, { organization, id: userId }), UserNotFound, userId);
    const { SelfSignUp = DEFAULT_TENANT_CONFIG.SelfSignUp } = await this.tenantConfigs.of(organization, tx.em);
    await this.roles.grant(tx, organization, userId, SelfSignUp?.SignUpRoles ?? []);
  }
}

const userOf = ({ userId, subject }: WorkflowEntity): string => userId ?? subject;
