import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';
import { ArchiveRefused, readArchive } from './read-archive.js';
import { writeArchive } from './write-archive.js';

const LIMITS = { entriesMax: 5, bytesMax: 100_000 };
const archive = (files: Readonly<Record<string, string | Buffer>>): Promise<Buffer> => writeArchive(Object.entries(files));
/** An archive whose file has a name that no archiver writes: the bytes of another one of the same length are replaced. */
const renamed = async (name: string): Promise<Buffer> => {
  const placeholder = 'n'.repeat(Buffer.byteLength(name));
  const bytes = await archive({ [placeholder]: 'content' });
  return Buffer.from(bytes.toString('latin1').replaceAll(placeholder, Buffer.from(name).toString('latin1')), 'latin1');
};
const CENTRAL = 'PK\x01\x02';
/** The archive with the bit set that says a file is encrypted. */
const encrypted = async (): Promise<Buffer> => {
  const bytes = await archive({ 'a.txt': 'content' });
  const flags = bytes.indexOf(CENTRAL, 0, 'latin1') + 8;
  bytes.writeUInt16LE(bytes.readUInt16LE(flags) | 1, flags);
  return bytes;
};
const withLink = async (): Promise<Buffer> => {
  const zip = new ZipFile();
  zip.addBuffer(Buffer.from('/etc/passwd'), 'link', { mode: 0o120777 });
  zip.end();
  return buffer(zip.outputStream);
};
/** The archive that says its file has one byte. */
const understated = async (): Promise<Buffer> => {
  const bytes = await archive({ 'a.txt': 'x'.repeat(200_000) });
  bytes.writeUInt32LE(1, bytes.indexOf(CENTRAL, 0, 'latin1') + 24);
  return bytes;
};

it('gives the files by their paths', async () => {
  const files = await readArchive(await archive({ 'api.yaml': 'a: 1', 'Definitions/grün.yaml': Buffer.from([1, 2]) }), LIMITS);

  expect([...files].map(([path, content]) => [path, content.toString('latin1')])).toEqual([
    ['api.yaml', 'a: 1'],
    ['Definitions/grün.yaml', '\x01\x02'],
  ]);
});

it('leaves folders out', async () => {
  const zip = new ZipFile();
  zip.addEmptyDirectory('folder');
  zip.addBuffer(Buffer.from('x'), 'folder/a');
  zip.end();

  expect([...(await readArchive(await buffer(zip.outputStream), LIMITS)).keys()]).toEqual(['folder/a']);
});

it('reads backslashes as the separators they are meant to be', async () => {
  expect([...(await readArchive(await renamed('folder\\a.txt'), LIMITS)).keys()]).toEqual(['folder/a.txt']);
});

it.each([
  ['a bomb', () => archive({ 'zeros.txt': '0'.repeat(10_000_000) }), /unpacks to more than 100000 bytes/],
  ['a bomb of many files', () => archive({ a: '0'.repeat(60_000), b: '0'.repeat(60_000) }), /unpacks to more than/],
  ['a file that is larger than it says', understated, /readable|bytes/],
  ['too many files', () => archive(Object.fromEntries([...'abcdef'].map((name) => [name, name]))), /more than 5 files/],
  ['a path that leads out', () => renamed('../../etc/passwd'), /invalid relative path/],
  ['a path that leads out with backslashes', () => renamed('..\\..\\etc\\passwd'), /invalid relative path/],
  ['a path that leads out half-way', () => renamed('a/../../b'), /invalid relative path/],
  ['an absolute path', () => renamed('/etc/passwd'), /absolute path/],
  ['a path on a drive', () => renamed('C:/windows'), /absolute path/],
  ['a name with a zero byte', () => renamed('a\0b.txt'), /unusable name/],
  ['a name that does not end', () => archive({ ['n'.repeat(2_000)]: 'x' }), /unusable name/],
  ['a symbolic link', withLink, /symbolic link/],
  ['an encrypted file', encrypted, /encrypted/],
  ['a text', async () => Buffer.from('no archive at all'), /not a readable zip archive/],
  ['nothing', async () => Buffer.alloc(0), /not a readable zip archive/],
  ['half an archive', async () => (await archive({ a: 'x'.repeat(1_000) })).subarray(0, 60), /not a readable zip archive/],
])('refuses %s', async (_, make, text) => {
  const refusal = await readArchive(await make(), LIMITS).catch((err: unknown) => err);

  expect(refusal).toBeInstanceOf(ArchiveRefused);
  expect((refusal as ArchiveRefused).message).toMatch(text);
});

it('refuses a file that is there twice', async () => {
  const bytes = await archive({ 'a.txt': '1', 'b.txt': '2' });
  const twice = Buffer.from(bytes.toString('latin1').replaceAll('b.txt', 'a.txt'), 'latin1');

  await expect(readArchive(twice, LIMITS)).rejects.toThrow(/holds a\.txt twice/);
});
