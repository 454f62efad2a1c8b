import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expected } from '../support/actor.js';
import { eventually } from '../support/eventually.js';
import { gateway } from '../support/gateway.js';
import { type GivenApi, given } from '../support/given.js';
import { server } from '../support/server.js';
import { unique } from '../support/unique.js';

interface Entry {
  readonly flow: string;
  readonly [name: string]: unknown;
}

const FLOWS = ['REQUEST_IN', 'REQUEST_OUT', 'RESPONSE_IN', 'RESPONSE_OUT'];
/** Anonymous callers have a limit of some hundred calls a minute. */
const PACE_MS = 40;
const operations = ['GET', 'POST'].map((verb) => ({ target: '/menu', verb, authType: 'None', throttlingPolicy: 'Unlimited' }));

const set = async ({ id }: GivenApi, body: object): Promise<void> => {
  const path = { tenant: 'carbon.super', apiId: id };
  expected(await given.superAdmin.devops('PUT /tenant-logs/{tenant}/apis/{apiId}', { path, body }), 200);
};
const linesOf = (text: string): readonly string[] => {
  try {
    return readFileSync(join(server.dataDir, 'logs', 'api.log'), 'utf8')
      .split('\n')
      .filter((line) => line.includes(text));
  } catch {
    return []; // nothing was written yet
  }
};
const entriesOf = (text: string): readonly Entry[] => linesOf(text).map((line) => JSON.parse(line.slice(line.indexOf(' - ') + 3)));
const written = (text: string, count = FLOWS.length) =>
  eventually(
    async () => entriesOf(text),
    (found) => found.length >= count,
  );

/** Calls the API under new names until a name is in its log, or is not; gives that name. */
const callUntil = async (api: GivenApi, isLogged: boolean): Promise<string> => {
  const end = Date.now() + 30_000;
  for (;;) {
    const id = unique('id');
    expect((await gateway(`${api.url}/menu`, { headers: { activityid: id } })).status).toBe(200);
    // A later call of another API, whose lines leave with those of the first or after them.
    const marker = unique('marker');
    await gateway(`${witness.url}/menu`, { headers: { activityid: marker } });
    await written(marker);
    if (linesOf(id).length > 0 === isLogged) return id;
    if (Date.now() > end) throw new Error(`the API is ${isLogged ? 'not' : 'still'} in its log`);
  }
};

let witness: GivenApi;
beforeAll(async () => {
  witness = await given.publishedApi({ backend: await given.backend(), with: { operations } });
  await set(witness, { logLevel: 'BASIC' });
  await eventually(
    async () => {
      await gateway(`${witness.url}/menu`);
      return linesOf(witness.name);
    },
    (found) => found.length > 0,
  );
});

it('is switched on and off while requests flow, none of which fails', async () => {
  const api = await given.publishedApi({ backend: await given.backend(), with: { operations } });
  const statuses = new Set<number>();
  let isOver = false;
  const flowing = (async () => {
    while (!isOver) {
      statuses.add((await gateway(`${api.url}/menu`)).status);
      await pause(PACE_MS);
    }
  })();

  try {
    await set(api, { logLevel: 'BASIC' });
    const id = await callUntil(api, true);
    expect((await written(id)).map(({ flow }) => flow)).toEqual(FLOWS);
    expect(linesOf(id)[0]).toMatch(new RegExp(`^\\[[\\d-]{10} [\\d:]{8},\\d{3}\\] INFO \\{API_LOG\\} ${api.name} - \\{`));

    await set(api, { logLevel: 'OFF' });
    await callUntil(api, false);
  } finally {
    isOver = true;
    await flowing;
  }
  expect([...statuses]).toEqual([200]);
});

it('writes headers and bodies of one resource, and no credentials', async () => {
  const backend = await given.backend((_, reply) => reply.setHeader('Set-Cookie', 'session=s3cret').end('{"made":1}'));
  const api = await given.publishedApi({ backend, with: { operations } });
  await set(api, { logLevel: 'FULL', resourceMethod: 'POST', resourcePath: '/menu' });
  const id = await eventually(
    async () => {
      const activityid = unique('id');
      const headers = { activityid, cookie: 'session=s3cret', apikey: 's3cret', 'x-kind': 'test' };
      await gateway(`${api.url}/menu?apikey=s3cret`, { method: 'POST', headers, body: { size: 2 }, token: 's3cret' });
      await gateway(`${witness.url}/menu`, { headers: { activityid: `after-${activityid}` } });
      await written(`after-${activityid}`);
      return activityid;
    },
    (activityid) => entriesOf(`"${activityid}"`).length > 0,
  );

  const [requestIn, requestOut, responseIn, responseOut] = await written(`"${id}"`);

  expect(requestIn).toMatchObject({ flow: 'REQUEST_IN', verb: 'POST', apiTo: `${api.url}/menu?apikey=***`, payload: '{"size":2}' });
  expect(requestIn?.['headers']).toEqual(expect.arrayContaining(['authorization=***', 'cookie=***', 'apikey=***', 'x-kind=test']));
  expect(requestOut).toMatchObject({ flow: 'REQUEST_OUT', payload: '{"size":2}' });
  expect(responseIn).toMatchObject({ flow: 'RESPONSE_IN', statusCode: 200, payload: '{"made":1}' });
  expect(responseIn?.['headers']).toContain('Set-Cookie=***');
  expect(responseOut).toMatchObject({ flow: 'RESPONSE_OUT', statusCode: 200, payload: '{"made":1}' });
  expect(linesOf(id).join()).not.toContain('s3cret');
});

it('reaches the gateway in less than a second', async () => {
  const api = await given.publishedApi({ backend: await given.backend(), with: { operations } });

  const called = new Map<unknown, number>();
  await set(api, { logLevel: 'BASIC' });
  const setAt = Date.now();
  const [first] = await eventually(
    async () => {
      const id = unique('id');
      called.set(id, Date.now());
      await gateway(`${api.url}/menu`, { headers: { activityid: id } });
      await pause(PACE_MS);
      return entriesOf(api.name);
    },
    (found) => found.length > 0,
  );

  expect((called.get(first?.['correlationId']) ?? Number.NaN) - setAt).toBeLessThan(1_000);
});

it('passes a long answer while it writes its beginning', async () => {
  const length = 300_000;
  const backend = await given.backend((_, reply) => reply.end('x'.repeat(length)));
  const api = await given.publishedApi({ backend, with: { operations } });
  await set(api, { logLevel: 'FULL' });
  const id = await callUntil(api, true);

  const answer = await gateway<Buffer>(`${api.url}/menu`, { headers: { activityid: `${id}-again` } });
  const entries = await written(`${id}-again`);

  expect(answer.body.length).toBe(length);
  expect(entries[2]).toMatchObject({ payload: 'x'.repeat(65_536), payloadBytes: expect.any(Number) });
});
