import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { ApimConfig, NotificationConfig } from '../platform/config/sections/apim.config.js';
import { LogConfig } from '../platform/config/sections/log.config.js';
import { Log } from '../platform/logging/log.js';
import { Mailer } from './mailer.js';

class WarningsLog extends Log {
  readonly warnings: object[] = [];

  override warn(fields: object): void {
    this.warnings.push(fields);
  }
}

const delivered: string[] = [];
const signedIn: string[] = [];
let onMail: () => void = () => undefined;

/** Takes mail from whoever signs in, but none for `refused@…`. */
const server = new SMTPServer({
  disabledCommands: ['STARTTLS'],
  allowInsecureAuth: true,
  onAuth: ({ username = '', password }, _, done) => {
    signedIn.push(username);
    done(password === 'letter' ? null : new Error('wrong password'), { user: username });
  },
  onRcptTo: ({ address }, _, done) => done(address.startsWith('refused@') ? new Error('nobody here') : null),
  onData: (stream, { envelope }, done) => {
    stream.resume().on('end', () => {
      delivered.push(...envelope.rcptTo.map(({ address }) => address));
      done();
      onMail();
    });
  },
});

beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => new Promise<void>((resolve) => server.close(resolve)));

const log = new WarningsLog(new LogConfig());

const mailerAt = (settings: Partial<NotificationConfig>): Mailer => {
  const notification = Object.assign(new NotificationConfig(), { hostname: '127.0.0.1', ...settings });
  return new Mailer(Object.assign(new ApimConfig(), { notification }), log);
};

const mail = (to: string) => ({ to, subject: 'News', html: '<p>News</p>' });

it('signs in, and goes on after mails that nobody takes, which are one warning each', async () => {
  const { port } = server.server.address() as AddressInfo; // the server listens on a port, not on a pipe
  const mailer = mailerAt({ port, enableAuthentication: true, username: 'post', password: 'letter' });
  const arrived = new Promise<void>((resolve) => {
    onMail = resolve;
  });

  // People write their addresses themselves: a list of them is none.
  mailer.post([mail('refused@a.example'), mail('eve@a.example, bob@a.example'), mail('ann@a.example')]);
  await arrived;
  mailer.onModuleDestroy();

  expect(delivered).toEqual(['ann@a.example']);
  expect(signedIn).toContain('post');
  expect(log.warnings).toMatchObject([{ subject: 'News' }, { subject: 'News' }]);
});

it('lets no more than 10,000 mails wait', () => {
  const mailer = mailerAt({ port: 1 });

  const leftOut = mailer.post(Array.from({ length: 10_003 }, () => mail('ann@a.example')));
  mailer.onModuleDestroy();

  expect(leftOut).toBe(3);
});
