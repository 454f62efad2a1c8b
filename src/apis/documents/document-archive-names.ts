import type { ArchiveFiles } from '../../platform/archives/read-archive.js';
import type { DocumentEntity } from './document.entity.js';
import { isText } from './document-rules.js';

const DESCRIPTIONS: readonly string[] = ['document.yaml', 'document.json'];

/** Names fit for folders, in the order of the documents' own: letters, digits, `.`, `-` and blanks stay (`reference/publisher.md` §20.2). */
export const folderNames = (names: readonly string[]): readonly string[] => {
  const taken = new Set<string>();
  return names.map((name) => {
    const fit = fitFor(name);
    let free = fit;
    for (let at = 2; taken.has(free.toLowerCase()); at += 1) free = `${fit}-${at}`;
    taken.add(free.toLowerCase());
    return free;
  });
};

/** Characters of a folder's name, and bytes of a file's: paths in archives are bounded, and names of documents are not so short. */
const FOLDER_MAX = 100;
const FILE_BYTES_MAX = 255;

/** Nothing but dots would lead out of the folder. */
const fitFor = (name: string): string => {
  const fit = [...name.replace(/[^\p{L}\p{N}. -]/gu, '_')].slice(0, FOLDER_MAX).join('');
  return /^\.+$/.test(fit) ? fit.replaceAll('.', '_') : fit;
};

/** What the content is called beside its description: the file's own name, or the document's for a text. */
export const fileNameIn = (folder: string, { sourceType, fileName }: Pick<DocumentEntity, 'sourceType' | 'fileName'>): string => {
  const isUnfit = fileName === '' || /^\.+$/.test(fileName) || Buffer.byteLength(fileName) > FILE_BYTES_MAX;
  const name = isText(sourceType) || isUnfit ? folder : fileName;
  return DESCRIPTIONS.includes(name.toLowerCase()) ? `content-${name}` : name;
};

/** The folders of documents, with a slash at their ends. */
export const documentFolders = (files: ArchiveFiles): readonly string[] => {
  const described = [...files.keys()].filter((path) => /^Docs\/[^/]+\/document\.(?:yaml|json)$/.test(path));
  return [...new Set(described.map((path) => path.slice(0, path.lastIndexOf('/') + 1)))].sort();
};

/** The content beside a description: the file of that name, else the only other one. */
export const contentFileIn = (files: ArchiveFiles, folder: string, fileName: string | undefined): Buffer | undefined => {
  const others = [...files.keys()].filter((path) => path.startsWith(folder) && !DESCRIPTIONS.includes(path.slice(folder.length)));
  const named = others.find((path) => path === `${folder}${fileName ?? ''}`);
  const path = named ?? (others.length === 1 ? others[0] : undefined);
  return path === undefined ? undefined : files.get(path);
};

/** By extension: archives do not say. */
const MEDIA_TYPES: ReadonlyMap<string, string> = new Map([
  ['csv', 'text/csv'],
  ['docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
  ['gif', 'image/gif'],
  ['html', 'text/html'],
  ['jpeg', 'image/jpeg'],
  ['jpg', 'image/jpeg'],
  ['json', 'application/json'],
  ['md', 'text/markdown'],
  ['pdf', 'application/pdf'],
  ['png', 'image/png'],
  ['pptx', 'application/vnd.openxmlformats-officedocument.presentationml.presentation'],
  ['svg', 'image/svg+xml'],
  ['txt', 'text/plain'],
  ['xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
  ['xml', 'application/xml'],
  ['yaml', 'application/yaml'],
  ['zip', 'application/zip'],
]);

export const mediaTypeOf = (fileName: string): string =>
  MEDIA_TYPES.get((fileName.split('.').at(-1) ?? '').toLowerCase()) ?? 'application/octet-stream';
