import { presentedTokens } from './presented-tokens.js';

const PUBLISHER = '/api/am/publisher/v4/apis';
const GOVERNANCE = '/api/am/governance/v1/rulesets';

const presented = (authorization: string | undefined, cookie?: string, path = PUBLISHER) =>
  presentedTokens({ headers: { ...(authorization && { authorization }), ...(cookie && { cookie }) }, path });

it.each([
  ['nothing', undefined, undefined, []],
  ['a cookie without the header', undefined, 'AM_ACC_TOKEN_DEFAULT_P2=h.c.s', []],
  ['a cookie beside Basic credentials', 'Basic YTpi', 'AM_ACC_TOKEN_DEFAULT_P2=h.c.s', []],
  ['a scheme without a token', 'Bearer ', 'AM_ACC_TOKEN_DEFAULT_P2=h.c.s', []],
  ['a whole JWT', 'Bearer h.c.s', undefined, ['h.c.s']],
  ['a whole JWT beside a cookie', 'Bearer h.c.s', 'AM_ACC_TOKEN_DEFAULT_P2=tail', ['h.c.s']],
  ['an opaque token', 'bearer abc', undefined, ['abc']],
  ['half a JWT alone', 'Bearer h.c', undefined, ['h.c']],
  ['both halves of a JWT', 'Bearer h.cl', 'a=1; AM_ACC_TOKEN_DEFAULT_P2=aim.s; b=2', ['h.claim.s']],
  ['a cut right before the signature', 'Bearer h.c.', 'AM_ACC_TOKEN_DEFAULT_P2=s', ['h.c.s']],
  ['a half within the header part', 'Bearer hea', 'AM_ACC_TOKEN_DEFAULT_P2=der.c.s', ['hea', 'header.c.s']],
  ['halves of an opaque token', 'Bearer abc', 'AM_ACC_TOKEN_DEFAULT_P2=def', ['abc', 'abcdef']],
  ['the same name twice', 'Bearer h.c', 'AM_ACC_TOKEN_DEFAULT_P2=old; AM_ACC_TOKEN_DEFAULT_P2=l.s', ['h.cold', 'h.cl.s']],
  ['the same half twice', 'Bearer h.c', 'AM_ACC_TOKEN_DEFAULT_P2=l.s; AM_ACC_TOKEN_DEFAULT_P2=l.s', ['h.cl.s']],
  ['names that only look alike', 'Bearer h.c', 'XAM_ACC_TOKEN_DEFAULT_P2=x; AM_ACC_TOKEN_DEFAULT_P2x=y', ['h.c']],
  ['an empty half', 'Bearer h.c', 'AM_ACC_TOKEN_DEFAULT_P2=', ['h.c']],
  ['a half with foreign characters', 'Bearer h.c', 'AM_ACC_TOKEN_DEFAULT_P2="l.s"', ['h.c']],
])('%s', (_, authorization, cookie, expected) => expect(presented(authorization, cookie)).toEqual(expected));

it('takes the halves of the portals that share an API there only', () => {
  const cookie = 'AM_PUBLISHER_ACC_TOKEN_DEFAULT_P2=p.s; AM_ADMIN_ACC_TOKEN_DEFAULT_P2=a.s';

  expect(presented('Bearer h.', cookie, GOVERNANCE)).toEqual(['h.p.s', 'h.a.s']);
  expect(presented('Bearer h.', cookie)).toEqual(['h.']);
});

it('tries a bounded number of halves', () => {
  const cookie = Array.from({ length: 50 }, (_, index) => `AM_ACC_TOKEN_DEFAULT_P2=c${index}.s`).join('; ');

  expect(presented('Bearer h.', cookie)).toHaveLength(6);
});
