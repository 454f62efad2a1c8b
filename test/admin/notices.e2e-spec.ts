import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import { type Actor, expected } from '../support/actor.js';
import { eventually } from '../support/eventually.js';
import { given } from '../support/given.js';
import { server } from '../support/server.js';
import { configure, requireStateApproval } from '../support/tenant-config.js';

interface Received {
  readonly from: string;
  readonly to: readonly string[];
  readonly text: string;
}

const mails: Received[] = [];
/** A real mail server where the server under test looks for one. */
const smtp = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  onData: (stream, { envelope: { mailFrom, rcptTo } }, done) => {
    text(stream).then((content) => {
      mails.push({ from: mailFrom ? mailFrom.address : '', to: rcptTo.map(({ address }) => address), text: content });
      done();
    }, done);
  },
});

beforeAll(() => new Promise<void>((resolve) => smtp.listen(server.mailPort, resolve)));
afterAll(() => new Promise<void>((resolve) => smtp.close(resolve)));

const publish = async (by: Actor, apiId: string) =>
  expected(await by.publisher('POST /apis/change-lifecycle', { query: { apiId, action: 'Publish' } }), 200);

const to = (address: string) => mails.filter((mail) => mail.to.includes(address));

/** A published API, and a user with a mail address who is subscribed to it. */
const subscribed = async () => {
  const { admin, domain } = await given.organization();
  const properties = given.apiProperties();
  const older = await given.api({ by: admin, with: properties });
  await publish(admin, older.id);
  const subscriber = await given.user({ roles: ['Internal/subscriber'], by: admin });
  const address = `reader@${domain}`;
  const [me] = expected(
    await admin.scim<{ Resources: readonly { id: string }[] }>('GET /Users', {
      query: { filter: `userName eq ${subscriber.username.replace(`@${domain}`, '')}` },
    }),
    200,
  ).Resources;
  const body = {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
    Operations: [{ op: 'replace', value: { emails: [address] } }],
  };
  expected(await admin.scim('PATCH /Users/{id}', { path: { id: me?.id ?? '' }, body }), 200);
  await given.subscription(older, await given.application(subscriber), { by: subscriber });
  const newer = () => given.api({ by: admin, with: { ...properties, version: '2.0.0' } });
  return { admin, name: properties.name, address, newer };
};

it('tells subscribers of a new version, in the tenant’s own words', async () => {
  const { admin, name, address, newer } = await subscribed();
  const notifier = { Class: 'email', ClaimsRetrieverImplClass: 'default', Title: 'New: $1 $2', Template: '<p>Come and see $1 in $2.</p>' };
  await configure(admin, { NotificationsEnabled: 'true', Notifications: [{ Type: 'new_api_version', Notifiers: [notifier] }] });

  await publish(admin, (await newer()).id);

  const [mail, ...others] = await eventually(
    async () => to(address),
    ({ length }) => length > 0,
  );
  expect(others).toEqual([]);
  expect(mail?.from).toBe('gatehouse@localhost');
  expect(mail?.text).toContain(`Subject: New: ${name} 2.0.0`);
  expect(mail?.text).toContain(`<p>Come and see ${name} in 2.0.0.</p>`);
});

it('says nothing unless the tenant wants it, nor before a publication is approved', async () => {
  const quiet = await subscribed();
  const waits = await subscribed();
  const loud = await subscribed();
  for (const { admin } of [waits, loud]) await configure(admin, { NotificationsEnabled: true });
  await requireStateApproval(waits.admin, 'Created:Publish');

  // The last one is the proof that the others had their turn.
  for (const { admin, newer } of [quiet, waits, loud]) await publish(admin, (await newer()).id);

  await eventually(
    async () => to(loud.address),
    ({ length }) => length > 0,
  );
  expect([...to(quiet.address), ...to(waits.address)]).toEqual([]);
});
