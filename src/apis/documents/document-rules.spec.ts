import { disposition } from './document-content.reply.js';
import { contentOf, keepsContent, metadataOf } from './document-rules.js';
import type { DocumentDto } from './documents.dto.js';

const sent: DocumentDto = { name: 'Guide', type: 'HOWTO', sourceType: 'INLINE', visibility: 'API_LEVEL' };
const file = { originalname: 'a.pdf', mimetype: 'application/pdf', buffer: Buffer.from('x') };

it.each<[string, Partial<DocumentDto>, object]>([
  ['blanks of the name', { name: '  My   guide ' }, { name: 'My guide' }],
  ['an address beside a text', { sourceUrl: 'http://x' }, { sourceUrl: '' }],
  ['the name of another type beside a known one', { otherTypeName: 'Memo' }, { otherTypeName: '' }],
  ['an address', { sourceType: 'URL', sourceUrl: ' https://x/y ' }, { sourceUrl: 'https://x/y' }],
  ['another type', { type: 'OTHER', otherTypeName: 'Memo' }, { otherTypeName: 'Memo' }],
])('tidies %s', (_, change, expected) => expect(metadataOf({ ...sent, ...change })).toMatchObject(expected));

it.each<[string, Partial<DocumentDto>, number]>([
  ['a slash in the name', { name: 'a/b' }, 902016],
  ['a control character in the name', { name: 'a\u0007b' }, 902016],
  ['another type without a name', { type: 'OTHER' }, 903245],
  ['a blank name of another type', { type: 'OTHER', otherTypeName: ' ' }, 903245],
  ['no address', { sourceType: 'URL' }, 903245],
  ['a script for an address', { sourceType: 'URL', sourceUrl: 'javascript:alert(1)' }, 400],
  ['text for an address', { sourceType: 'URL', sourceUrl: 'somewhere' }, 400],
  ['an unknown type', { type: 'NOVEL' }, 400],
  ['a narrower visibility', { visibility: 'PRIVATE' }, 900326],
])('refuses %s', (_, change, code) => expect(() => metadataOf({ ...sent, ...change })).toThrow(expect.objectContaining({ code })));

it('takes the types and visibilities that are offered', () => {
  const offer = { types: ['NOVEL'], narrowVisibility: true };

  expect(metadataOf({ ...sent, type: 'NOVEL', visibility: 'PRIVATE' }, offer)).toMatchObject({ type: 'NOVEL', visibility: 'PRIVATE' });
});

it.each([
  ['INLINE', 'MARKDOWN', true],
  ['FILE', 'FILE', true],
  ['FILE', 'INLINE', false],
  ['MARKDOWN', 'URL', false],
] as const)('from %s to %s content is kept: %s', (before, after, kept) => expect(keepsContent(before, after)).toBe(kept));

it.each([
  ['both parts', 'FILE', { file, text: 'x' }],
  ['no part', 'FILE', { file: undefined, text: undefined }],
  ['a file for a text', 'INLINE', { file, text: undefined }],
  ['a text for a file', 'FILE', { file: undefined, text: 'x' }],
  ['content for an address', 'URL', { file: undefined, text: 'x' }],
  ['a name that is too long', 'FILE', { file: { ...file, originalname: 'x'.repeat(256) }, text: undefined }],
] as const)('refuses %s', (_, sourceType, content) =>
  expect(() => contentOf({ id: '1', sourceType }, content)).toThrow(expect.objectContaining({ status: 400 })));

it('keeps the name of a file storable', () => {
  const { fileName } = contentOf(
    { id: '1', sourceType: 'FILE' },
    { file: { ...file, originalname: 'a\0/b\\c\ud800.pdf' }, text: undefined },
  );

  expect(fileName).toBe('a__b_c\ufffd.pdf');
});

it.each([
  ['plan.pdf', `attachment; filename="plan.pdf"; filename*=UTF-8''plan.pdf`],
  ['Übersicht "1".pdf', `attachment; filename="_bersicht _1_.pdf"; filename*=UTF-8''%C3%9Cbersicht%20%221%22.pdf`],
  [`it's (1).pdf`, `attachment; filename="it's (1).pdf"; filename*=UTF-8''it%27s%20%281%29.pdf`],
])('offers %s for download', (name, expected) => expect(disposition(name)).toBe(expected));
