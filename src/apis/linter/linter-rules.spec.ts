import { linterRules } from './linter-rules.js';

const RULES = { extends: 'spectral:oas', rules: { 'info-contact': 'off' } };

it.each([
  ['nothing is set', undefined, false, []],
  ['an empty document is set', {}, false, []],
  ['no document is set', 'rules', true, []],
  ['the tenant’s rules are asked for', RULES, false, RULES],
  ['those for an API are asked for', RULES, true, [JSON.stringify(RULES)]],
])('when %s', (_, custom, isForApis, expected) => expect(linterRules(custom, isForApis)).toEqual(expected));
