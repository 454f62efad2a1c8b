import { movedService, openedToken, withoutTokens, withSealedTokens } from './service-tokens.js';

const SEALED = `v2:01234567:${'A'.repeat(40)}`;
const audits = (apiToken: unknown, baseUrl = 'https://audits.test') => ({ SecurityAuditConfig: { apiToken, baseUrl, collectionId: 'c' } });
const seal = (token: string) => `sealed(${token})`;

it.each([
  ['a new token', audits('new'), audits(SEALED), audits('sealed(new)'), undefined],
  ['an empty one', audits(''), audits(SEALED), audits(SEALED), undefined],
  ['an empty one in place of one that was kept in clear', audits(''), audits('old'), audits('sealed(old)'), undefined],
  ['an empty one where there was none', audits(''), {}, audits(''), undefined],
  [
    'an empty one for another address',
    audits('', 'https://else.test'),
    audits(SEALED),
    audits('', 'https://else.test'),
    'SecurityAuditConfig',
  ],
  ['no token', { SecurityAuditConfig: {} }, audits(SEALED), { SecurityAuditConfig: {} }, undefined],
  ['what is no text', audits(7), audits(SEALED), audits(7), undefined],
  [
    'a key of a billing service',
    { MonetizationInfo: { BillingEnginePlatformKey: '' } },
    { MonetizationInfo: { BillingEnginePlatformKey: SEALED } },
    { MonetizationInfo: { BillingEnginePlatformKey: SEALED } },
    undefined,
  ],
])('%s', (_, config, before, stored, moved) => {
  expect(withSealedTokens(config, before, seal)).toEqual(stored);
  expect(movedService(config, before)).toBe(moved);
});

it('shows no token', () => expect(withoutTokens(audits(SEALED))).toEqual(audits('')));

it('leaves a document without tokens as it is', () =>
  expect(withSealedTokens({ ApiMaxRevisionCount: 1 }, audits('x'), seal)).toEqual({ ApiMaxRevisionCount: 1 }));

it('reads tokens that were stored before they were encrypted', () => {
  expect(openedToken('plain', () => 'opened')).toBe('plain');
  expect(openedToken(SEALED, () => 'opened')).toBe('opened');
});
