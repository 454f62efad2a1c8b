import { type Claims, type UserEntity } from '../users/user.entity.js';
import { isStorable, LOCAL_DIALECT } from '../users/user-rules.js';
import { ClaimUnknown } from '../users/users.problems.js';
import type { UserChange } from '../users/users.service.js';
import { checkEmail } from './tenant-rules.js';
import type { AdditionalClaimDto, OwnerAnswer, OwnerUpdateDto, TenantAnswer, TenantModelDto } from './tenants.dto.js';
import { OwnerMissing, ParameterMissing } from './tenants.problems.js';
import type { TenantRow } from './tenants.queries.js';
import type { NewTenant } from './tenants.service.js';

const claimName = (uri: string): string => {
  const name = uri.startsWith(LOCAL_DIALECT) ? uri.slice(LOCAL_DIALECT.length) : '';
  if (name === '' || name === 'username' || name === 'userid') throw ClaimUnknown(uri);
  return name;
};

const additional = (claims: readonly AdditionalClaimDto[] | null | undefined): Claims =>
  Object.fromEntries((claims ?? []).map(({ claim, value }) => [claimName(claim), value]));

/** Optional fields may be null on the wire. */
const isGiven = (text: string | null | undefined): text is string => typeof text === 'string' && text.trim() !== '';

const required = (text: string | null | undefined, name: string): string => {
  if (!isGiven(text)) throw ParameterMissing(name);
  return text;
};

/** @throws OwnerMissing, ParameterMissing, the e-mail's refusals and ClaimUnknown (400). */
export const fromTenantModelDto = (dto: TenantModelDto): NewTenant => {
  const [owner, ...others] = dto.owners ?? [];
  if (!owner || others.length > 0) throw OwnerMissing();
  const domain = dto.domain ?? '';
  checkEmail(owner.email ?? '');
  const claims = {
    emailaddress: owner.email ?? '',
    givenname: required(owner.firstname, 'firstname'),
    lastname: required(owner.lastname, 'lastname'),
    ...additional(owner.additionalClaims),
  };
  const password = owner.provisioningMethod === 'invite-via-email' ? owner.password : required(owner.password, 'password');
  const name = isGiven(dto.name) ? dto.name : domain;
  if (!isStorable(name)) throw ParameterMissing('name');
  return { domain, name, owner: { name: required(owner.username, 'username'), password, claims } };
};

/** What an owner's update makes of its claims; blank fields are left as they are. */
export const ownerChange = (dto: OwnerUpdateDto, claims: Claims): UserChange => {
  if (isGiven(dto.email)) checkEmail(dto.email);
  return {
    ...(isGiven(dto.password) && { password: dto.password }),
    claims: {
      ...claims,
      ...(isGiven(dto.email) && { emailaddress: dto.email }),
      ...(isGiven(dto.firstname) && { givenname: dto.firstname }),
      ...(isGiven(dto.lastname) && { lastname: dto.lastname }),
      ...additional(dto.additionalClaims),
    },
  };
};

export const toTenantAnswer = (row: TenantRow): TenantAnswer => ({
  id: row.id,
  name: row.name,
  domain: row.domain,
  owners: [{ id: row.ownerId, username: row.ownerName }],
  createdDate: row.createdAt.toISOString(),
  lifecycleStatus: { activated: row.active },
});

/** The owner with those of the asked claims that have a value. */
export const toOwnerAnswer = (owner: UserEntity, asked: readonly string[]): OwnerAnswer => ({
  id: owner.id,
  username: owner.name,
  email: owner.claims['emailaddress'] ?? '',
  firstname: owner.claims['givenname'] ?? '',
  lastname: owner.claims['lastname'] ?? '',
  additionalClaims: asked.flatMap((claim) => {
    const value = owner.claims[claimName(claim)];
    return value === undefined ? [] : [{ claim, value }];
  }),
});
