import { dump, load } from 'js-yaml';
import { type Actor, expected } from './actor.js';
import { type ArchiveContents, unzip, zip } from './archives.js';
import type { Answer, Body, RequestOptions } from './client.js';
import { type GivenApi } from './given.js';

/** Keys as an archive has them. */
export interface Key {
  readonly keyManager: string;
  readonly keyType: string;
  readonly consumerKey: string;
  readonly consumerSecret: string;
  readonly consumerSecrets: readonly { readonly secretValue: string }[];
}

/** `application.yaml`. */
export interface Archived {
  readonly type: string;
  readonly version: string;
  readonly data: {
    readonly applicationInfo: Readonly<Record<string, unknown>> & { readonly owner: string; readonly keys: readonly Key[] };
    readonly subscribedAPIs: readonly {
      readonly apiId: { readonly providerName: string; readonly apiName: string; readonly version: string };
      readonly throttlingPolicy: string;
    }[];
  };
}

/** What an import answers. */
export interface Info {
  readonly applicationId: string;
  readonly name: string;
  readonly owner: string;
  readonly subscriptionCount: number;
}

/** The archive of the caller's own application, unless `appOwner` names another one. */
export const exportOf = async (by: Actor, appName: string, query: RequestOptions['query'] = {}): Promise<Buffer> => {
  const answer = await by.devportal<Uint8Array>('GET /applications/export', { query: { appName, appOwner: by.username, ...query } });
  return Buffer.from(expected(answer, 200));
};

/** The one file of an archive. */
export const contentsOf = async (archive: Buffer): Promise<Archived> => {
  const files = await unzip(archive);
  const [[, bytes] = []] = [...files];
  return load(bytes?.toString() ?? '') as Archived; // the tests say what it has to hold
};

/** Sends an archive, bytes or the files to pack. */
export const importOf = async <T = Info>(
  by: Actor,
  archive: Buffer | ArchiveContents,
  query: RequestOptions['query'] = {},
): Promise<Answer<T>> => {
  const file = Buffer.isBuffer(archive) ? archive : await zip(archive);
  return by.devportal<T>('POST /applications/import', {
    query: query ?? {},
    form: { file: { file, name: 'app.zip', type: 'application/zip' } },
  });
};

/** An archive as somebody might write it. */
export const written = (info: Body, subscribedAPIs: readonly Body[] = []): ArchiveContents => ({
  'app/application.yaml': dump({
    type: 'application',
    version: 'v4.7.0',
    data: { applicationInfo: { throttlingPolicy: 'Unlimited', ...info }, subscribedAPIs },
  }),
});

/** A subscription as an archive has it. */
export const subscribed = (api: GivenApi, throttlingPolicy = 'Unlimited') => ({
  apiId: { providerName: 'admin', apiName: api.name, version: api.version },
  throttlingPolicy,
});
