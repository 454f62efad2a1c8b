import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { generate } from 'selfsigned';
import { Cli, temporaryFolder } from '../server/cli.js';
import { eventually } from '../support/eventually.js';

const folder = temporaryFolder();
const file = join(folder, 'api.pem');
const certificates = `[{ hosts = ["api.example.com", "*.apis.example.com"], file_name = "${file}" }]`;

const write = async (name: string): Promise<void> => {
  const { cert, private: key } = await generate([{ name: 'commonName', value: name }], { keySize: 2048, algorithm: 'sha256' });
  writeFileSync(file, `${cert}\n${key}`);
};

/** The common name of the certificate that the gateway shows to a client that asks for a host. */
const shown = (port: number, servername: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', servername, rejectUnauthorized: false }, () => {
      resolve(String(socket.getPeerCertificate().subject.CN));
      socket.destroy();
    });
    socket.once('error', reject);
  });

it('a host name gets its own certificate, and a new one in the same file without a restart', async () => {
  await write('first');
  const server = await Cli.start({ APIM_GATEWAY__CERTIFICATE: certificates, APIM_KEYSTORE__RELOAD_INTERVAL_MS: '50' });
  const port = 8243 + server.offset;
  const names = ['api.example.com', 'a.apis.example.com', 'other.example.com'];

  expect(await Promise.all(names.map((name) => shown(port, name)))).toEqual(['first', 'first', 'localhost']);
  await write('second');
  await eventually(
    () => shown(port, 'api.example.com'),
    (name) => name === 'second',
  );

  expect(await shown(port, 'other.example.com')).toBe('localhost');
  await server.stop();
});

it.each([
  [
    'a file that is not there',
    '[{ hosts = ["a.example.com"], file_name = "/nowhere.pem" }]',
    /gateway\.certificate\[0\]\.file_name: .*nowhere\.pem cannot be read/,
  ],
  [
    'a host that is none',
    `[{ hosts = ["https://a.example.com"], file_name = "${file}" }]`,
    /gateway\.certificate\.0\.hosts: .* like api\.example\.com/,
  ],
])(
  'does not start with %s, and says so',
  async (_case, value, text) => {
    const server = Cli.run(['start'], { APIM_GATEWAY__CERTIFICATE: value });

    expect(await server.end()).toMatchObject({ code: 2, output: expect.stringMatching(text) });
  },
  30_000,
);
