import { IsArray, IsIn, IsString, Matches } from 'class-validator';
import { Setting } from '../setting.js';

/** What SDKs can be asked for in; TypeScript is ours, the others are the product's. */
export const SDK_LANGUAGES = [
  ...(['typescript', 'javascript', 'python'] as const),
  ...(['android', 'java', 'csharp', 'dart', 'groovy', 'jmeter', 'perl', 'php', 'ruby', 'swift5', 'clojure'] as const),
] as const;
export type SdkLanguage = (typeof SDK_LANGUAGES)[number];

const PACKAGE = /^[A-Za-z][\w-]*(\.[A-Za-z][\w-]*)*$/;
const PACKAGE_PREFIX = /^([A-Za-z]\w*\.)*([A-Za-z]\w*)?$/;

/** `[apim.sdk]`: clients of APIs that the developer portal generates. */
export class SdkConfig {
  @Setting('Languages to offer. Those beside `typescript`, `javascript` and `python` are left out where there is no Java.')
  @IsArray()
  @IsIn(SDK_LANGUAGES, { each: true })
  readonly supportedLanguages: readonly SdkLanguage[] = SDK_LANGUAGES;

  @Setting('Group of the packages, where a language has groups.')
  @Matches(PACKAGE)
  readonly groupId: string = 'org.wso2';

  @Setting('Start of the name of a package; the name of the API follows.')
  @Matches(PACKAGE_PREFIX)
  readonly artifactId: string = 'org.wso2.client.';

  @Setting('Start of the package of models in Java; the name of the API follows.')
  @Matches(PACKAGE_PREFIX)
  readonly modelPackage: string = 'org.wso2.client.model.';

  @Setting('Start of the package of operations in Java; the name of the API follows.')
  @Matches(PACKAGE_PREFIX)
  readonly apiPackage: string = 'org.wso2.client.api.';

  @Setting('Program that runs Java, as a path or to be looked for; empty: without the languages that need it.')
  @IsString()
  readonly java: string = 'java';
}
