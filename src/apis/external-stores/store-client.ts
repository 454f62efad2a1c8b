import { Injectable } from '@nestjs/common';
import { type Fetched, Outbound, OutboundError, type OutboundRequest } from '../../platform/outbound/outbound.js';
import { isObject, type JsonObject } from '../definitions/json-document.js';
import type { Announcement } from './announcement.js';
import type { ExternalStore } from './external-store.js';

const PUBLISHER = '/api/am/publisher/v4';
const ANSWER_BYTES_MAX = 20 * 1_048_576;
const NOT_FOUND = 404;
const REASON_MAX = 300;
const UNPUBLISHED: readonly unknown[] = ['CREATED', 'PROTOTYPED'];

/** Why a store does not do what it is asked; the text is fit for the caller. */
export class StoreFailure extends Error {
  override readonly name = 'StoreFailure';
}

/** Speaks with the publisher API of another server. Every method throws StoreFailure when that server cannot be reached or refuses. */
@Injectable()
export class StoreClient {
  constructor(private readonly outbound: Outbound) {}

  /** Has the store offer the API as announced: the one it has under the id, one it was announced before, or a new one; gives its id there. */
  async publish(store: ExternalStore, announced: Announcement, knownId: string | undefined): Promise<string> {
    const known = knownId === undefined ? undefined : await this.read(store, knownId);
    const current = known ?? (await this.announcedBefore(store, announced));
    const id = idOf(current ?? (await this.ask(store, 'POST', '/apis', { ...announced.first, ...announced.always })));
    if (current) await this.ask(store, 'PUT', `/apis/${id}`, { ...current, ...announced.always });
    if (current === undefined || UNPUBLISHED.includes(current['lifeCycleStatus'])) {
      await this.ask(store, 'POST', `/apis/change-lifecycle?${new URLSearchParams({ apiId: id, action: 'Publish' })}`);
    }
    return id;
  }

  /** Deletes the API in the store; one that is gone already is fine. */
  async withdraw(store: ExternalStore, id: string): Promise<void> {
    const answer = await this.send(store, 'DELETE', `/apis/${encodeURIComponent(id)}`);
    if (!isUnknown(answer)) accepted(answer);
  }

  private async read(store: ExternalStore, id: string): Promise<JsonObject | undefined> {
    const answer = await this.send(store, 'GET', `/apis/${encodeURIComponent(id)}`);
    return isUnknown(answer) ? undefined : objectIn(answer);
  }

  /** What an earlier attempt left behind, before its id was recorded. */
  private async announcedBefore(store: ExternalStore, { name, version, link }: Announcement): Promise<JsonObject | undefined> {
    const query = new URLSearchParams({ query: `name:${name} version:${version}`, limit: '100' });
    const { list } = await this.ask(store, 'GET', `/apis?${query}`);
    const [same] = Array.isArray(list) ? list.filter(isObject).filter((api) => api['name'] === name && api['version'] === version) : [];
    const api = same && (await this.read(store, idOf(same)));
    const info = api?.['advertiseInfo'];
    return isObject(info) && info['originalDevPortalUrl'] === link ? api : undefined;
  }

  private async ask(store: ExternalStore, method: OutboundRequest['method'], path: string, json?: object): Promise<JsonObject> {
    return objectIn(await this.send(store, method, path, json));
  }

  private async send(store: ExternalStore, method: OutboundRequest['method'], path: string, json?: object): Promise<Fetched> {
    const { endpoint, username, password } = store;
    const headers = { accept: 'application/json', authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
    try {
      const request = { method, headers, ...(json && { json }) };
      return await this.outbound.send(endpoint.replace(/\/+$/, '') + PUBLISHER + path, request, ANSWER_BYTES_MAX);
    } catch (err) {
      if (err instanceof OutboundError) throw new StoreFailure('It cannot be reached.', { cause: err });
      throw err;
    }
  }
}

/** A publisher API words its refusal; a 404 without a word comes from something else at that address. */
const isUnknown = (answer: Fetched): boolean => answer.status === NOT_FOUND && isObject(parsed(answer));

const accepted = (answer: Fetched): Fetched => {
  if (answer.status >= 200 && answer.status < 300) return answer;
  const refusal = parsed(answer);
  const text = isObject(refusal) && typeof refusal['description'] === 'string' ? `: ${refusal['description'].slice(0, REASON_MAX)}` : '';
  throw new StoreFailure(`It answered ${answer.status}${text || '.'}`);
};

const objectIn = (answer: Fetched): JsonObject => {
  const body = parsed(accepted(answer));
  if (!isObject(body)) throw new StoreFailure('It did not answer as a publisher API does.');
  return body;
};

const parsed = ({ body }: Fetched): unknown => {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined; // whoever asks says what is wrong with it
  }
};

/** Ids become parts of addresses and are stored. */
const idOf = ({ id }: JsonObject): string => {
  if (typeof id !== 'string' || !/^[\w-]{1,100}$/.test(id)) throw new StoreFailure('It named no id of the API.');
  return id;
};
