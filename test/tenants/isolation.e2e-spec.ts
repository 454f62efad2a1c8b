import type { Actor } from '../support/actor.js';
import type { Answer } from '../support/client.js';
import { given } from '../support/given.js';
import { type FurnishedTenant, furnished } from './furnished-tenant.js';
import type { Cell, Table } from './matrix.js';
import { ADMIN } from './matrix-admin.js';
import { DEVPORTAL } from './matrix-devportal.js';
import { PUBLISHER } from './matrix-publisher.js';
import { SERVERS } from './matrix-servers.js';
import { REFERENCES, type Reference } from './references.js';
import { type Route, routes } from './routes.js';
import { rowsOf } from './tenant-rows.js';
import { cellOf, inParallel, isList, mixed, saidIn, send, type Trial, toldBy, trialOf } from './trials.js';

// Every list and every operation with an id, of every API, tried from another tenant.

const MATRIX: Table = { ...DEVPORTAL, ...SERVERS, ...PUBLISHER, ...ADMIN };

const all = routes();
const tried: readonly (readonly [Route, Cell])[] = all.flatMap((route): readonly (readonly [Route, Cell])[] => {
  const cell = cellOf(MATRIX, route);
  return cell === undefined || typeof cell === 'string' ? [] : [[route, cell]];
});

interface Attempt {
  readonly by: Actor;
  readonly who: string;
  readonly trial: Trial;
}

let owner: FurnishedTenant;
let stranger: FurnishedTenant;
let attempts: readonly Attempt[];
let trials: readonly Trial[];
let words: readonly string[];

beforeAll(async () => {
  [owner, stranger] = await Promise.all([furnished(), furnished()]);
  words = [owner.mark, owner.domain, ...owner.secrets];
  const visitor = await given.user({ roles: ['Internal/subscriber'], by: stranger.admin });
  trials = await inParallel(tried, ([route, cell]) => trialOf(owner, route, cell));
  attempts = trials.flatMap((trial) => {
    const mix = mixed(trial, stranger.ids);
    return [
      { by: stranger.admin, who: 'another tenant', trial },
      ...(mix ? [{ by: stranger.admin, who: 'another tenant', trial: mix }] : []),
      ...(trial.cell.superMay ? [] : [{ by: given.superAdmin, who: 'the super tenant', trial }]),
      ...(trial.route.face === 'devportal' ? [{ by: visitor, who: 'a visitor', trial }] : []),
    ];
  });
});

it('knows every operation of every API', () => {
  const names = all.map(({ name }) => name);

  // A new operation: say in the matrix what it needs, or why it is not tried.
  expect(all.filter((route) => cellOf(MATRIX, route) === undefined).map(({ name }) => name)).toEqual([]);
  expect(Object.keys(MATRIX).filter((name) => !names.includes(name))).toEqual([]);
});

describe('what a tenant has', () => {
  let before: Readonly<Record<string, string>>;
  const rows = () => rowsOf(owner.domain, stranger.domain, words);

  it('is in no list of another, and behind no id that another guesses', async () => {
    before = await rows();

    const leaks = await inParallel(attempts, async ({ by, who, trial }) => {
      const { route, cell, options, name } = trial;
      const answer = await send(by, trial);
      const told = await toldBy(answer, words, options);
      const leaked = told.filter((word) => !cell.tells?.[0].some((id) => owner.ids[id] === word));
      const isRight = isList(route, cell) ? isOwn(trial, answer) : isRefusal(who, cell, answer, await saidIn(answer));
      return isRight && leaked.length === 0 ? [] : [`${who}: ${name}: ${await inShort(answer)} ${leaked.join(' ')}`];
    });

    expect(leaks.flat()).toEqual([]);
  });

  it('cannot be named in a request about something of another', async () => {
    const sent = async (by: Actor, { operation, with: make }: Reference, things: FurnishedTenant) => {
      const route = all.find(({ name }) => name === operation);
      if (!route) throw new Error(`there is no ${operation}`);
      const options = await make(things.ids, stranger.ids);
      return { answer: await send(by, { route, options }), options };
    };

    const foreign = await inParallel(REFERENCES, async (reference) => {
      const { answer, options } = await sent(stranger.admin, reference, owner);
      const told = await toldBy(answer, words, options);
      const isRight = (reference.refused ?? [400]).includes(answer.status) && told.length === 0;
      return isRight ? [] : [`${reference.operation}, ${reference.name}: ${await inShort(answer)} ${told.join(' ')}`];
    });
    const own: string[] = [];
    for (const reference of REFERENCES) {
      const { answer } = await sent(stranger.admin, reference, stranger);
      if (answer.status >= 400) own.push(`${reference.operation}, ${reference.name} of its own: ${await inShort(answer)}`);
    }

    expect([...foreign.flat(), ...own]).toEqual([]);
  });

  it('stays as it was, whatever others try', async () => {
    expect(await rows()).toEqual(before);
  });

  it('is shown at the portal of the tenant that a header names as far as it is meant for everybody', async () => {
    const visitors = [...new Set(attempts.filter(({ who }) => who !== 'the super tenant').map(({ by }) => by))];
    const hiddenIds = [owner.ids['apiId'], owner.ids['privateApiId'], owner.ids['restrictedApiId']];
    const requests = trials.filter(({ route }) => route.face === 'devportal');
    const unseen = await inParallel(
      requests.filter(({ name }) => FOR_EVERYBODY.includes(name)),
      async (trial) => {
        const { answer, told } = await atPortalOf(owner, stranger.admin, trial, owner.ids['openApiId']);
        const isSeen = answer.status < 300 && (trial.route.parameters.length > 0 || told.length > 0);
        const leaked = told.filter((word) => hiddenIds.includes(word));
        return isSeen && leaked.length === 0 ? [] : [`${trial.name}: ${await inShort(answer)} ${leaked.join(' ')}`];
      },
    );

    const addresses = requests.filter(({ name, route, cell }) => !isList(route, cell) && name !== PLAN);
    const leaks = await inParallel(
      visitors.flatMap((by) => hiddenIds.flatMap((id) => addresses.map((trial) => ({ by, id, trial })))),
      async ({ by, id, trial }) => {
        const { answer, told } = await atPortalOf(owner, by, trial, id);
        const isRefused = [401, 403, 404].includes(answer.status) && told.length === 0;
        return isRefused ? [] : [`${trial.name} of ${id}: ${await inShort(answer)} ${told.join(' ')}`];
      },
    );

    expect(unseen.flat()).toEqual([]);
    expect(leaks.flat()).toEqual([]);
  });

  // So nothing above was refused for another reason than whose it is.
  it('is listed for its own administrators, and theirs to read and to change by the same requests', async () => {
    const reads = trials.filter(({ route }) => /GET|HEAD/.test(route.method));
    const writes = [...trials.filter((trial) => !reads.includes(trial))].sort((a, b) => turnOf(a) - turnOf(b));

    const unread = await inParallel(reads, async (trial) => {
      const answer = await send(owner.admin, trial);
      const isMarked = !isList(trial.route, trial.cell) || trial.cell.unmarked || (await toldBy(answer, words, {})).length > 0;
      return isOwn(trial, answer) && isMarked ? [] : [`${trial.name}: ${await inShort(answer)}`];
    });
    const unwritten: string[] = [];
    for (const trial of writes) {
      const answer = await send(owner.admin, trial);
      if (!isOwn(trial, answer)) unwritten.push(`${trial.name}: ${await inShort(answer)}`);
    }

    expect([...unread.flat(), ...unwritten]).toEqual([]);
  });
});

const PLAN = 'devportal GET /throttling-policies/{policyLevel}/{policyId}';
/** What the portal of a tenant shows to those of others, of what is open to everybody (reference, devportal.md §1 and §8). */
const FOR_EVERYBODY: readonly string[] = [
  ...['', '/{apiId}', '/{apiId}/swagger', '/{apiId}/subscription-policies', '/{apiId}/documents'].map(
    (path) => `devportal GET /apis${path}`,
  ),
  ...['api-categories', 'key-managers', 'search', 'tags', 'throttling-policies/{policyLevel}'].map((path) => `devportal GET /${path}`),
  PLAN,
];

/** Sends the request to the portal of the tenant, about the given API where it is about one; gives what is told of the tenant besides what was asked. */
const atPortalOf = async ({ domain }: FurnishedTenant, by: Actor, trial: Trial, apiId = '') => {
  const { path, headers, ...rest } = trial.options;
  const options = {
    ...{ ...rest, path: trial.route.parameters.includes('apiId') ? { ...path, apiId } : { ...path } },
    headers: { ...headers, 'x-wso2-tenant': domain },
  };
  const answer = await send(by, { ...trial, options });
  return { answer, told: await toldBy(answer, words, options) };
};

/** Visitors of the portal lack the scopes of some operations. */
const isRefusal = (who: string, { refused = [404], says }: Cell, { status }: Answer<unknown>, said: string): boolean =>
  (refused.includes(status) && (says === undefined || said.includes(says))) || (who === 'a visitor' && status === 401);

const isOwn = ({ cell: { own } }: Trial, { status }: Answer<unknown>): boolean => status < 400 || own?.[0] === status;

const inShort = async (answer: Answer<unknown>): Promise<string> =>
  `${answer.status} ${(await saidIn({ ...answer, headers: {} })).slice(0, 500)}`;

/** What others need in order to go is deleted after them. */
const DELETED_LAST = [
  'devportal DELETE /applications/{applicationId}',
  'admin DELETE /applications/{applicationId}',
  'publisher DELETE /api-products/{apiProductId}',
  'publisher DELETE /apis/{apiId}',
  'publisher DELETE /scopes/{scopeId}',
  'admin DELETE /environments/{environmentId}',
];

/** Changes of what is read first, as what was read is sent; then the others in the order of the matrix; then deletions, from the inside out. */
const turnOf = ({ route, cell }: Trial): number => {
  if (route.method === 'PUT' && cell.with === undefined) return 0;
  if (route.method !== 'DELETE') return 1 + Object.keys(MATRIX).indexOf(route.name);
  return 10_000 - 100 * route.parameters.length + 1_000 * DELETED_LAST.indexOf(route.name);
};
