import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClientDefinition } from './client-definition.js';
import { filesBelow, type SdkFile } from './sdk-files.js';
import type { SdkNames } from './sdk-names.js';
import { typescriptReadme } from './typescript-readme.js';

export interface SdkInput {
  readonly definition: ClientDefinition;
  readonly names: SdkNames;
  /** An empty folder for this SDK alone; its owner removes it. */
  readonly folder: string;
  /** Header that takes the token; it is not `Authorization` for every API. */
  readonly tokenHeader: string;
}

/** A package in TypeScript: one function for each operation, on `fetch`, without dependencies. */
export const typescriptSdk = async (input: SdkInput): Promise<readonly SdkFile[]> => [
  ...(await sources(input)),
  ['package.json', packageJson(input.names, 'dist', { build: 'tsc', prepare: 'tsc' })],
  ['tsconfig.json', TSCONFIG],
  ['README.md', typescriptReadme(input)],
];

/** The same in JavaScript, with its types beside it. */
export const javascriptSdk = async (input: SdkInput): Promise<readonly SdkFile[]> => {
  await sources(input);
  return [...(await compiled(input.folder)), ['package.json', packageJson(input.names, 'lib')], ['README.md', typescriptReadme(input)]];
};

/** Writes them below the folder as well. */
const sources = async ({ definition, folder }: Omit<SdkInput, 'names'>): Promise<readonly SdkFile[]> => {
  // Loaded on first use: it reads the TypeScript compiler.
  const { createClient } = await import('@hey-api/openapi-ts');
  await createClient({
    // Named so that none is looked for in the folder of the server.
    configFile: join(folder, 'none.config.ts'),
    input: withoutBackslashes(definition),
    output: { path: join(folder, 'src'), module: { extension: '.js' }, tsConfigPath: null },
    interactive: false,
    logs: { level: 'silent', file: false },
    plugins: ['@hey-api/typescript', { name: '@hey-api/client-fetch', includeInEntry: true }, '@hey-api/sdk'],
  });
  const files = await filesBelow(folder, 'src');
  const restored = files.map(([path, content]): SdkFile => [path, withBackslashes(content.toString())]);
  for (const [path, content] of restored) await writeFile(join(folder, path), content);
  return restored;
};

/**
 * The generator takes `\\u` and four digits for a character wherever it stands in what it has written: in a comment such a text ends the comment, in a
 * literal it becomes another text. So it is shown no backslash, and those in literals and comments are put in behind it.
 */
const [IN_LITERAL, IN_COMMENT] = ['\uE000', '\uE001'];

const withoutBackslashes = (definition: ClientDefinition): Record<string, unknown> =>
  mapTexts(definition, false) as Record<string, unknown>; // an object remains one

const mapTexts = (value: unknown, isComment: boolean): unknown => {
  if (typeof value === 'string') return value.replace(/[\uE000\uE001]/g, ' ').replaceAll('\\', isComment ? IN_COMMENT : IN_LITERAL);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, isComment));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => {
    const text = typeof item === 'string' && (key === 'description' || key === 'summary');
    return [mapTexts(key, false), mapTexts(item, text)];
  });
  return Object.fromEntries(entries);
};

const withBackslashes = (source: string): string => source.replaceAll(IN_LITERAL, '\\\\').replaceAll(IN_COMMENT, '\\');

const compiled = async (folder: string): Promise<readonly SdkFile[]> => {
  const { default: ts } = await import('typescript');
  const program = ts.createProgram([join(folder, 'src', 'index.ts')], {
    ...{ target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler },
    // Without the types of the platform, which are four fifths of the work: what they declare is written out as it is called.
    ...{ noLib: true, types: [], strict: true },
    // What is wrong with the types is told by the tests of the generator, not at run time.
    ...{ declaration: true, noCheck: true, skipLibCheck: true, noEmitOnError: false, outDir: join(folder, 'lib') },
  });
  program.emit();
  return filesBelow(folder, 'lib');
};

const packageJson = ({ api, artifactId, packageVersion }: SdkNames, built: string, scripts?: Readonly<Record<string, string>>): string => {
  const content = {
    name: artifactId.toLowerCase(),
    version: packageVersion,
    description: `Client of the API ${api}`,
    type: 'module',
    main: `./${built}/index.js`,
    types: `./${built}/index.d.ts`,
    exports: { '.': { types: `./${built}/index.d.ts`, default: `./${built}/index.js` } },
    files: [built],
    engines: { node: '>=20' },
    ...(scripts && { scripts, devDependencies: { typescript: '>=5.5.3' } }),
  };
  return `${JSON.stringify(content, null, 2)}\n`;
};

const TSCONFIG = `${JSON.stringify(
  {
    compilerOptions: {
      ...{ target: 'ES2022', module: 'ESNext', moduleResolution: 'Bundler', lib: ['ES2022', 'DOM', 'DOM.Iterable'], types: [] },
      ...{ strict: true, declaration: true, rootDir: 'src', outDir: 'dist' },
    },
    include: ['src'],
  },
  null,
  2,
)}\n`;
