import { randomUUID } from 'node:crypto';
import { AlertsNeedAnalytics, AnalyticsNeeded, BotAlertSubscriptionNotFound, EmailSubscribed } from '../../src/alerts/alerts.problems.js';
import { Unauthenticated } from '../../src/domain/problem.js';
import { type Actor, expected } from '../support/actor.js';
import { given } from '../support/given.js';

interface Subscription {
  readonly uuid: string;
  readonly email: string;
}

let admin: Actor;
beforeEach(async () => {
  ({ admin } = await given.organization());
});

const ALL = '/alert-subscriptions/bot-detection';
const list = async (by = admin) => expected(await by.admin<{ count: number; list: readonly Subscription[] }>(`GET ${ALL}`), 200);
const subscribe = (email: unknown, by = admin) => by.admin<Subscription>(`POST ${ALL}`, { body: { email } });
const unsubscribe = (uuid: string, by = admin) => by.admin(`DELETE ${ALL}/{uuid}`, { path: { uuid } });

describe('without analytics', () => {
  it.each(['GET /alert-types', 'GET /alert-subscriptions'])('%s has nothing to say', async (operation) => {
    expect(await admin.admin(operation)).toMatchObject({ status: 204, body: undefined });
  });

  it('there is nothing to subscribe to, nor to take back', async () => {
    const body = { alerts: [{ id: '1', name: 'AbnormalResponseTime' }], emailList: ['ann@example.com'] };

    expect(await admin.admin('PUT /alert-subscriptions', { body })).toFailWith(AlertsNeedAnalytics());
    expect(await admin.admin('DELETE /alert-subscriptions')).toFailWith(AlertsNeedAnalytics());
  });

  it('there is no data on bots', async () => {
    expect(await admin.admin('GET /bot-detection-data')).toFailWith(AnalyticsNeeded('Bot Detection Data', 'Bot Detection Data'));
  });
});

describe('subscriptions to alerts about bots', () => {
  it('are made, listed by address and taken back', async () => {
    expect(await list()).toEqual({ count: 0, list: [] });

    const bob = await subscribe('bob@example.com');
    const ann = await subscribe(' ann@example.com ');

    expect(bob).toMatchObject({ status: 200, body: { uuid: expect.stringMatching(/^[0-9a-f-]{36}$/), email: 'bob@example.com' } });
    expect(await list()).toEqual({ count: 2, list: [{ uuid: ann.body.uuid, email: 'ann@example.com' }, bob.body] });
    expect((await unsubscribe(bob.body.uuid)).status).toBe(200);
    expect(await list()).toEqual({ count: 1, list: [ann.body] });
    expect(await unsubscribe(bob.body.uuid)).toFailWith(BotAlertSubscriptionNotFound(bob.body.uuid));
  });

  it('are one for each address, in whatever letter case and at the same moment', async () => {
    const answers = await Promise.all(['ann@example.com', 'Ann@Example.com', 'ann@example.com'].map((email) => subscribe(email)));

    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    expect(await subscribe('ANN@example.com')).toFailWith(EmailSubscribed('ANN@example.com'));
    expect((await list()).count).toBe(1);
  });

  it.each([undefined, '', ' ', 'ann', 'ann@', 7, 'ann\0@example.com'])('are refused for the address %j', async (email) => {
    expect(await subscribe(email)).toFailWith({ status: 400, code: 400 });
    expect((await list()).count).toBe(0);
  });

  it.each([randomUUID(), 'nobody'])('are unknown by the id %s', async (uuid) => {
    expect(await unsubscribe(uuid)).toFailWith(BotAlertSubscriptionNotFound(uuid));
  });

  it("are no other tenant's business", async () => {
    const { body } = await subscribe('ann@example.com');
    const { admin: stranger } = await given.organization();

    expect(await list(stranger)).toEqual({ count: 0, list: [] });
    expect(await unsubscribe(body.uuid, stranger)).toFailWith(BotAlertSubscriptionNotFound(body.uuid));
    expect((await subscribe('ann@example.com', stranger)).status).toBe(200);
    expect(await list()).toEqual({ count: 1, list: [body] });
  });
});

it.each([
  ['GET /alert-types', 'apim:bot_data'],
  ['GET /alert-subscriptions', 'apim:bot_data'],
  ['PUT /alert-subscriptions', 'apim:bot_data'],
  ['DELETE /alert-subscriptions', 'apim:bot_data'],
  [`GET ${ALL}`, 'apim:bot_data'],
  [`POST ${ALL}`, 'apim:bot_data'],
  [`DELETE ${ALL}/{uuid}`, 'apim:bot_data'],
  ['GET /bot-detection-data', 'apim:admin_alert_manage'],
])('%s is not opened by %s', async (operation, scope) => {
  const options = { path: { uuid: randomUUID() }, ...(/^P/.test(operation) && { body: { email: 'ann@example.com' } }) };

  expect(await admin.withScopes(scope).admin(operation, options)).toFailWith(Unauthenticated());
});
