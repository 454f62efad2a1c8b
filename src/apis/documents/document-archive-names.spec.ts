import { contentFileIn, documentFolders, fileNameIn, folderNames } from './document-archive-names.js';

it.each([
  [
    ['How to', 'v1.2-draft'],
    ['How to', 'v1.2-draft'],
  ],
  [
    ['Grüße_a', 'a?b'],
    ['Grüße_a', 'a_b'],
  ],
  [
    ['..', '.'],
    ['__', '_'],
  ],
  [
    ['a?b', 'a_b', 'A_B'],
    ['a_b', 'a_b-2', 'A_B-3'],
  ],
  [['n'.repeat(255)], ['n'.repeat(100)]],
])('documents named %j lie in %j', (names, folders) => expect(folderNames(names)).toEqual(folders));

it.each([
  ['Guide', { sourceType: 'INLINE', fileName: '' }, 'Guide'],
  ['Guide', { sourceType: 'FILE', fileName: 'a.pdf' }, 'a.pdf'],
  ['Guide', { sourceType: 'FILE', fileName: '..' }, 'Guide'],
  ['Guide', { sourceType: 'FILE', fileName: 'ü'.repeat(128) }, 'Guide'],
  ['Guide', { sourceType: 'FILE', fileName: 'Document.yaml' }, 'content-Document.yaml'],
  ['document.json', { sourceType: 'MARKDOWN', fileName: '' }, 'content-document.json'],
] as const)('in %s the content of %j is called %s', (folder, document, name) => expect(fileNameIn(folder, document)).toBe(name));

const filesOf = (...paths: readonly string[]) => new Map(paths.map((path) => [path, Buffer.from(path)]));

it('finds the folders that describe a document, once each', () => {
  const files = filesOf('Docs/b/document.json', 'Docs/a/document.yaml', 'Docs/a/document.json', 'Docs/c/x', 'x/Docs/d/document.yaml');

  expect(documentFolders(files)).toEqual(['Docs/a/', 'Docs/b/']);
});

it.each([
  ['a.pdf', ['Docs/a/document.yaml', 'Docs/a/a.pdf', 'Docs/a/b.pdf'], 'Docs/a/a.pdf'],
  ['a.pdf', ['Docs/a/document.yaml', 'Docs/a/b.pdf'], 'Docs/a/b.pdf'],
  ['a.pdf', ['Docs/a/document.yaml', 'Docs/a/b.pdf', 'Docs/a/c.pdf'], undefined],
  ['document.yaml', ['Docs/a/document.yaml', 'Docs/a/content-document.yaml'], 'Docs/a/content-document.yaml'],
  [undefined, ['Docs/a/document.yaml', 'Docs/ab/x'], undefined],
])('takes for the content %s of %j: %s', (fileName, paths, found) =>
  expect(contentFileIn(filesOf(...paths), 'Docs/a/', fileName)?.toString()).toBe(found));
