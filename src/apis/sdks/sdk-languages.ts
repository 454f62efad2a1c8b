import type { SdkLanguage } from '../../platform/config/sections/sdk.config.js';

/** Written here, without Java. */
const NATIVE_LANGUAGES = ['typescript', 'javascript', 'python'] as const satisfies readonly SdkLanguage[];
export type NativeLanguage = (typeof NATIVE_LANGUAGES)[number];

/** Written by OpenAPI Generator, which runs on Java and knows them by these names. */
export type JavaLanguage = Exclude<SdkLanguage, NativeLanguage>;

export const isNative = (language: SdkLanguage): language is NativeLanguage => (NATIVE_LANGUAGES as readonly string[]).includes(language);
