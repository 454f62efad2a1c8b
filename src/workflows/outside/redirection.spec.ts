import { redirectionIn } from './redirection.js';

const OWN = { CallbackUrl: 'https://us.example/callback', workflowRefId: 'ref' };
const URL_GIVEN = 'https://pay.example/checkout?step=1';

it.each([
  ['an address alone', { redirectUrl: URL_GIVEN }, { redirectUrl: URL_GIVEN, additionalParameters: OWN, redirectConfirmationMsg: '' }],
  [
    'all there can be',
    { redirectUrl: URL_GIVEN, additionalParameters: { workflowRefId: 'theirs', plan: 'Gold' }, redirectConfirmationMsg: 'Pay first?' },
    {
      redirectUrl: URL_GIVEN,
      additionalParameters: { ...OWN, workflowRefId: 'theirs', plan: 'Gold' },
      redirectConfirmationMsg: 'Pay first?',
    },
  ],
  ['nothing of the kind', { accepted: true }, undefined],
  ['a list', [], undefined],
  ['null', null, undefined],
])('%s is taken as it should be', (_, answer, expected) => expect(redirectionIn(JSON.stringify(answer), OWN)).toEqual(expected));

it.each([
  ['a script', { redirectUrl: 'javascript:alert(1)' }],
  ['a path', { redirectUrl: '/checkout' }],
  ['a number', { redirectUrl: 1 }],
  ['an endless address', { redirectUrl: `${URL_GIVEN}${'x'.repeat(2_048)}` }],
  ['a message that is no text', { redirectUrl: URL_GIVEN, redirectConfirmationMsg: 1 }],
  ['an endless message', { redirectUrl: URL_GIVEN, redirectConfirmationMsg: 'x'.repeat(2_001) }],
  ['a parameter that is no text', { redirectUrl: URL_GIVEN, additionalParameters: { a: 1 } }],
  ['parameters that are a list', { redirectUrl: URL_GIVEN, additionalParameters: ['a'] }],
  [
    'too many parameters',
    { redirectUrl: URL_GIVEN, additionalParameters: Object.fromEntries(Array.from({ length: 51 }, (_, at) => [at, ''])) },
  ],
])('%s is refused', (_, answer) => expect(() => redirectionIn(JSON.stringify(answer), OWN)).toThrow());
