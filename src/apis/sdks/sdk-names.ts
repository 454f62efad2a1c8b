import { pascalCase, snakeCase, wordsOf } from './identifiers.js';

/** What the packages of one SDK are called. */
export interface SdkNames {
  /** Of the API, as people read it. */
  readonly api: string;
  readonly version: string;
  /** Of the archive without its ending, and of the one folder in it. */
  readonly archive: string;
  readonly groupId: string;
  readonly artifactId: string;
  readonly modelPackage: string;
  readonly apiPackage: string;
  /** Of the Python package; an identifier that is no keyword. */
  readonly module: string;
  /** `1.2.3` or longer, as package managers want it. */
  readonly packageVersion: string;
}

export interface PackagePrefixes {
  readonly groupId: string;
  readonly artifactId: string;
  readonly modelPackage: string;
  readonly apiPackage: string;
}

/** Words that are no part of a package in Java. */
const JAVA_WORDS = [
  ...[
    'abstract',
    'assert',
    'boolean',
    'break',
    'byte',
    'case',
    'catch',
    'char',
    'class',
    'const',
    'continue',
    'default',
    'do',
    'double',
    'else',
  ],
  ...[
    'enum',
    'extends',
    'false',
    'final',
    'finally',
    'float',
    'for',
    'goto',
    'if',
    'implements',
    'import',
    'instanceof',
    'int',
    'interface',
  ],
  ...[
    'long',
    'native',
    'new',
    'null',
    'package',
    'private',
    'protected',
    'public',
    'return',
    'short',
    'static',
    'strictfp',
    'super',
    'switch',
  ],
  ...['synchronized', 'this', 'throw', 'throws', 'transient', 'true', 'try', 'void', 'volatile', 'while'],
];

/** Names may hold any letter, packages not: an API without a Latin letter or digit is called `Api` there. */
export const sdkNames = (
  api: { readonly name: string; readonly version: string },
  language: string,
  prefixes: PackagePrefixes,
): SdkNames => {
  const name = pascalCase(api.name) || 'Api';
  const part = JAVA_WORDS.includes(name.toLowerCase()) ? `${name.toLowerCase()}api` : name.toLowerCase();
  const version = api.version.replace(/[^\w.-]+/g, '-');
  return {
    api: api.name,
    version: api.version,
    archive: `${wordsOf(api.name).join('') || 'Api'}_${version}_${language}`,
    groupId: prefixes.groupId,
    artifactId: `${prefixes.artifactId}${name}`,
    modelPackage: `${prefixes.modelPackage}${part}`,
    apiPackage: `${prefixes.apiPackage}${part}`,
    module: `${snakeCase(api.name) || 'api'}_client`,
    packageVersion: packageVersionOf(api.version),
  };
};

/** `v1.2` is 1.2.0; a version without numbers is 1.0.0. */
const packageVersionOf = (version: string): string => {
  const [, major = '1', minor = '0', patch = '0'] = /(\d{1,9})(?:\.(\d{1,9}))?(?:\.(\d{1,9}))?/.exec(version) ?? [];
  return [major, minor, patch].map(Number).join('.');
};
