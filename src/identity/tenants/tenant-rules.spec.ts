import { checkDomain, checkEmail } from './tenant-rules.js';

const codeOf = (check: () => void): number | undefined => {
  try {
    check();
    return undefined;
  } catch (err) {
    return (err as { readonly code: number }).code;
  }
};

it.each([
  ['acme.com', undefined],
  ['a_b-c.1', undefined],
  ['', 60_004],
  ['  ', 60_004],
  ['acme', 60_005],
  ['.com', 60_005],
  ['.acme.com', 60_006],
  ['Acme.com', 60_007],
  ['acme/t.com', 60_007],
  ['acmé.com', 60_007],
  [`${'a'.repeat(252)}.com`, 60_007],
])('domain %p: %p', (domain, code) => expect(codeOf(() => checkDomain(domain))).toBe(code));

it.each([
  ['anna@acme.com', undefined],
  ['', 60_000],
  ['anna(x)@acme.com', 60_001],
  ['anna"@acme.com', 60_001],
  ['anna@acme', 60_002],
  ['anna', 60_002],
  ['anna@acme.c', 60_002],
  ['an na@acme.com', 60_002],
])('e-mail %p: %p', (email, code) => expect(codeOf(() => checkEmail(email))).toBe(code));
