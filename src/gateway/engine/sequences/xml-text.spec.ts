import { checkXml } from './xml-text.js';

const nested = (count: number): string =>
  `${Array.from({ length: count }, (_, i) => `<a xmlns:p${i}="u">`).join('')}${'</a>'.repeat(count)}`;
const wide = (namespaces: number, children: number): string =>
  `<r${Array.from({ length: namespaces }, (_, i) => ` xmlns:p${i}="u"`).join('')}>${'<c xmlns:q="u"/>'.repeat(children)}</r>`;

it.each([
  ['as many levels as there may be, each with a namespace of its own', nested(499), 'There are too many namespaces in one another'],
  ['more levels than that', nested(2_000), 'depth'],
  ['many namespaces over many elements that declare one', wide(1_000, 1_000), 'There are too many namespaces in one another'],
])('refuses %s, which would keep the parser busy', (_what, text, reason) => {
  expect(() => checkXml(text)).toThrow(new RegExp(reason, 'i'));
});

it.each([
  ['a namespace on each of many elements', wide(10, 5_000)],
  ['some levels with namespaces', nested(100)],
  ['none', '<a><b/></a>'],
])('takes %s', (_what, text) => {
  expect(() => checkXml(text)).not.toThrow();
});
