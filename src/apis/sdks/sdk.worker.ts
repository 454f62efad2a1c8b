import { writeArchive } from '../../platform/archives/write-archive.js';
import { writableForJava } from './java-definition.js';
import { openCircles } from './open-circles.js';
import { pythonSdk } from './python/python-sdk.js';
import { type DefinitionToRead, readClientDefinition } from './read-client-definition.js';
import { filesBelow, type SdkFile, SdkTooLarge } from './sdk-files.js';
import type { NativeLanguage } from './sdk-languages.js';
import type { SdkNames } from './sdk-names.js';
import { javascriptSdk, type SdkInput, typescriptSdk } from './typescript-sdk.js';

/** Runs in the pool of worker threads: generators are large, and definitions may be. */
export interface NativeJob {
  readonly language: NativeLanguage;
  readonly source: DefinitionToRead;
  readonly names: SdkNames;
  readonly folder: string;
  readonly tokenHeader: string;
}

export type Generated = { readonly archive: Uint8Array } | { readonly refusal: string };

const GENERATORS: Readonly<Record<NativeLanguage, (input: SdkInput) => Promise<readonly SdkFile[]> | readonly SdkFile[]>> = {
  typescript: typescriptSdk,
  javascript: javascriptSdk,
  python: pythonSdk,
};

/** An SDK as a zip archive. */
export const generate = async ({ language, source, ...rest }: NativeJob): Promise<Generated> =>
  refusingSize(async () => packed(rest.names, await GENERATORS[language]({ definition: readClientDefinition(source), ...rest })));

export type JavaDefinition = { readonly definition: string } | { readonly refusal: string };

export interface JavaJob {
  readonly source: DefinitionToRead;
  /** Whether schemas may hold themselves. */
  readonly circles: boolean;
}

/** The definition as the generators on Java may read it. */
export const forJava = ({ source, circles }: JavaJob): JavaDefinition => {
  const read = readClientDefinition(source);
  const { definition, unsafe } = writableForJava(circles ? read : openCircles(read));
  if (unsafe.length === 0) return { definition: JSON.stringify(definition) };
  const named = unsafe.slice(0, 3).map((name) => JSON.stringify(name.slice(0, 80)));
  return {
    refusal: `The definition has names that cannot be written in this language: ${named.join(', ')}. The languages typescript, javascript and python can write them.`,
  };
};

/** What lies in a part of a folder as a zip archive. */
export const pack = ({ names, folder }: { readonly names: SdkNames; readonly folder: string }): Promise<Generated> =>
  refusingSize(async () =>
    packed(
      names,
      (await filesBelow(folder, 'out')).map(([path, content]) => [path.slice('out/'.length), content]),
    ),
  );

const packed = async ({ archive }: SdkNames, files: readonly SdkFile[]): Promise<Generated> => ({
  archive: await writeArchive(files.map(([path, content]) => [`${archive}/${path}`, content])),
});

const refusingSize = async (work: () => Promise<Generated>): Promise<Generated> => {
  try {
    return await work();
  } catch (err) {
    if (err instanceof SdkTooLarge) return { refusal: 'It would have too many files or bytes.' };
    throw err;
  }
};
