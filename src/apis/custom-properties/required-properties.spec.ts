import { missingProperties } from './required-properties.js';

const required = [
  { name: 'team', required: true },
  { name: 'cost-centre', required: true },
  { name: 'colour', required: false },
];
const held = (name: string, value: string, display = false) => ({ name, value, display });

it.each([
  ['nothing', [], ['team', 'cost-centre']],
  ['an empty value', [held('team', ''), held('cost-centre', ' ')], ['team', 'cost-centre']],
  ['one of them', [held('team', 'A')], ['cost-centre']],
  ['a shown one', [held('team', 'A', true), held('cost-centre', '1', true)], []],
  ['an empty one beside a shown one', [held('team', ''), held('team', 'A', true), held('cost-centre', '1')], []],
  ['another letter case', [held('Team', 'A'), held('cost-centre', '1')], ['team']],
])('with %s it misses what is required', (_, properties, missing) => expect(missingProperties(required, properties)).toEqual(missing));

it('misses nothing where nothing is required', () => expect(missingProperties([], [])).toEqual([]));
