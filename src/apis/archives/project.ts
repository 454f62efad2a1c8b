import type { ArchiveFiles } from '../../platform/archives/read-archive.js';
import { ProjectDefinitionMissing } from './api-archives.problems.js';

/** What an archive is of, by the name of the file that defines it. */
export type ProjectKind = 'api' | 'api_product' | 'application';

/** Put in by the tools of one desktop system; never part of a project. */
const STRAY = /(^|\/)(__MACOSX\/|\.DS_Store$)/;
const SOURCE_ARCHIVE = /^(?:[^/]+\/)?SourceArchive\.zip$/;

/** The files below a folder (`''`, or a path that ends in `/`), by their paths in it. */
export const below = (files: ArchiveFiles, folder: string): ArchiveFiles =>
  new Map(
    [...files].filter(([path]) => path.startsWith(folder) && !STRAY.test(path)).map(([path, bytes]) => [path.slice(folder.length), bytes]),
  );

/** The folder with a slash at its end, or `''`. */
const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);

/** The files of the project: those beside its definition, which is at the top or in one folder. @throws ProjectDefinitionMissing (900909). */
export const projectIn = (files: ArchiveFiles, kind: ProjectKind): ArchiveFiles => {
  const definition = new RegExp(`^(?:[^/]+/)?${kind}\\.(?:yaml|json)$`);
  const folders = new Set([...files.keys()].filter((path) => !STRAY.test(path) && definition.test(path)).map(folderOf));
  const [folder] = folders;
  if (folder === undefined || folders.size > 1) throw ProjectDefinitionMissing();
  return below(files, folder);
};

/** Where the archive of a product keeps those of its members, a folder each. */
export const MEMBERS = 'APIs/';

/** The folders of the members of a product, by name. */
export const memberFolders = (files: ArchiveFiles): readonly string[] => {
  const names = [...files.keys()].map((path) => /^APIs\/([^/]+)\/api\.(?:yaml|json)$/.exec(path)?.[1]);
  return [...new Set(names.filter((name) => name !== undefined))].sort();
};

/** An archive that the CLI wrapped together with parameters of an environment. */
export interface WrappedArchive {
  /** The archive proper, a zip. */
  readonly source: Buffer;
  /** What came beside it: `intermediate_params.yaml`, `Deployment/…`. */
  readonly beside: ArchiveFiles;
}

/** Undefined for an archive that is a project by itself. */
export const wrappedIn = (files: ArchiveFiles): WrappedArchive | undefined => {
  const [path] = [...files.keys()].filter((name) => SOURCE_ARCHIVE.test(name));
  const source = path === undefined ? undefined : files.get(path);
  if (path === undefined || source === undefined) return undefined;
  return { source, beside: below(files, folderOf(path)) };
};
