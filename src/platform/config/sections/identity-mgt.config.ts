import { IsInt, IsNumber, IsPositive, Max, Min } from 'class-validator';
import { Section, Setting } from '../setting.js';

class AccountLockingConfig {
  @Setting('Whether failed logins in a row lock an account for a while. The product ships this off.')
  readonly enableAccountLocking: boolean = true;

  @Setting('Failed logins in a row that lock an account.')
  @IsInt()
  @Min(1)
  @Max(1_000)
  readonly allowedFailedAttempts: number = 10;

  @Setting('How long the first lock lasts, in minutes.')
  @IsNumber()
  @IsPositive()
  readonly autoUnlockAfter: number = 5;

  @Setting('Each further lock without a success in between lasts this many times the one before.')
  @IsNumber()
  @Min(1)
  readonly autoUnlockTimeIncrementRatio: number = 2;
}

class LoginThrottleConfig {
  @Setting(
    'Failed logins that one client address may have at once, whatever the accounts; 0 sets no limit. An IPv6 address counts as its /64 network.',
  )
  @IsInt()
  @Min(0)
  readonly failuresMax: number = 300;

  @Setting('How many of them it regains in a minute.')
  @IsNumber()
  @IsPositive()
  readonly regainedPerMinute: number = 30;
}

class PasswordChangeConfig {
  @Setting('Whether users may change their own password in the developer portal.')
  readonly enable: boolean = true;
}

class UserSelfRegistrationConfig {
  @Setting('Whether people may sign up by themselves, on a page that the login page links to and through the identity API.')
  readonly allowSelfRegistration: boolean = true;

  @Setting('Whether such an account is locked until an administrator opens it.')
  readonly lockOnCreation: boolean = false;

  @Setting('Sign-ups that one client address may make at once; 0 sets no limit. An IPv6 address counts as its /64 network.')
  @IsInt()
  @Min(0)
  readonly perAddressMax: number = 100;

  @Setting('How many of them it regains in a minute.')
  @IsNumber()
  @IsPositive()
  readonly regainedPerMinute: number = 10;
}

/** `[identity_mgt]`. */
export class IdentityMgtConfig {
  @Section(AccountLockingConfig, 'Locks after failed logins; see docs/accounts-and-locks.md.')
  readonly accountLocking = new AccountLockingConfig();

  @Section(LoginThrottleConfig, 'Failed logins by client address, against a few passwords tried on many accounts.')
  readonly loginThrottle = new LoginThrottleConfig();

  @Section(UserSelfRegistrationConfig, 'Users who sign up by themselves; see docs/signing-up.md.')
  readonly userSelfRegistration = new UserSelfRegistrationConfig();

  @Section(PasswordChangeConfig, 'Users who change their own password.')
  readonly passwordChange = new PasswordChangeConfig();
}
