import {
  DomainEmpty,
  DomainIllegalCharacters,
  DomainStartsWithDot,
  DomainWithoutExtension,
  EmailEmpty,
  EmailIllegalCharacters,
  EmailInvalid,
} from './tenants.problems.js';

const DOMAIN = /^[a-z0-9._-]{1,255}$/;
const EMAIL_ILLEGAL = /[()<>,;:\\"[\]]/;
const EMAIL = /^[^\s@]{1,64}@[^\s@]+\.[^\s@.]{2,}$/;
const EMAIL_MAX = 320;

/** The domain of a new tenant, in the order the product checks (`reference/identity.md` §1). @throws DomainEmpty and its kind (400). */
export const checkDomain = (domain: string): void => {
  if (domain.trim() === '') throw DomainEmpty();
  if (domain.lastIndexOf('.') <= 0) throw DomainWithoutExtension(domain);
  if (domain.startsWith('.')) throw DomainStartsWithDot(domain);
  if (!DOMAIN.test(domain)) throw DomainIllegalCharacters(domain);
};

/** The e-mail address of a tenant's owner. @throws EmailEmpty, EmailIllegalCharacters, EmailInvalid (400). */
export const checkEmail = (email: string): void => {
  if (email.trim() === '') throw EmailEmpty();
  if (EMAIL_ILLEGAL.test(email)) throw EmailIllegalCharacters(email);
  if (email.length > EMAIL_MAX || !EMAIL.test(email)) throw EmailInvalid(email);
};
