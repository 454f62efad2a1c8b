import { X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { generate } from 'selfsigned';
import { Agent, fetch } from 'undici';
import { eventually } from '../support/eventually.js';
import { Cli, temporaryFolder } from './cli.js';

const insecure = new Agent({ connect: { rejectUnauthorized: false } });
const folder = temporaryFolder();

interface Jwks {
  readonly keys: readonly { readonly kid: string; readonly x5c: readonly string[] }[];
}

/** A PEM file with a new self-signed certificate and its key; the certificate's fingerprint. */
const written = async (name: string): Promise<string> => {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], { keySize: 2048, algorithm: 'sha256' });
  writeFileSync(join(folder, name), `${cert}\n${key}`);
  return new X509Certificate(cert).fingerprint256;
};

/** The fingerprint of the certificate that a port shows. */
const shownAt = (port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().fingerprint256);
      socket.destroy();
    });
    socket.once('error', reject);
  });

const jwksAt = async (url: string): Promise<Jwks> => (await (await fetch(url, { dispatcher: insecure })).json()) as Jwks; // RFC 7517

const fingerprintsIn = ({ keys }: Jwks): readonly string[] =>
  keys.map(({ x5c }) => new X509Certificate(Buffer.from(String(x5c[0]), 'base64')).fingerprint256);

it('shows the certificate of keystore.tls on its HTTPS ports, and a new one in the same file without a restart', async () => {
  const first = await written('tls.pem');
  const server = await Cli.start({ APIM_KEYSTORE__TLS__FILE_NAME: join(folder, 'tls.pem'), APIM_KEYSTORE__RELOAD_INTERVAL_MS: '50' });
  const ports = [9443, 8243].map((port) => port + server.offset);
  expect(await Promise.all(ports.map(shownAt))).toEqual([first, first]);

  writeFileSync(join(folder, 'tls.pem'), 'half-written');
  await eventually(
    async () => server.output,
    (output) => output.includes('the new certificate of the HTTPS ports cannot be used'),
  );
  expect(await Promise.all(ports.map(shownAt))).toEqual([first, first]);
  const second = await written('tls.pem');

  await eventually(
    () => Promise.all(ports.map(shownAt)),
    (shown) => shown.every((fingerprint) => fingerprint === second),
  );
  expect(await server.status('/readyz')).toBe(200);
  await server.stop();
});

it('signs the tokens of the super tenant with keystore.primary; gateways know it, and the key before it still verifies', async () => {
  const before = await Cli.start();
  const [made] = fingerprintsIn(await jwksAt(`${before.management}/oauth2/jwks`));
  await before.stop();
  const own = await written('primary.pem');

  const server = await Cli.start({ APIM_KEYSTORE__PRIMARY__FILE_NAME: join(folder, 'primary.pem') }, before.dataDir);

  expect(fingerprintsIn(await jwksAt(`${server.management}/oauth2/jwks`))).toEqual([own, made]);
  await eventually(
    async () => fingerprintsIn(await jwksAt(`https://localhost:${8243 + server.offset}/jwks`)),
    (shown) => shown.join() === [own, made].join(),
  );
  await server.stop();
  const closed = await Cli.start({ APIM_APIM__JWT__ENABLE_JWKS_API: 'false' }, before.dataDir);
  expect((await fetch(`https://localhost:${8243 + closed.offset}/jwks`, { dispatcher: insecure })).status).toBe(404);
  await closed.stop();
});

it('does not start on a Java key store, and says how to convert it', async () => {
  writeFileSync(join(folder, 'mine.jks'), Buffer.from('feedfeed00000002', 'hex'));

  for (const section of ['TLS', 'PRIMARY']) {
    const server = Cli.run(['start'], { [`APIM_KEYSTORE__${section}__FILE_NAME`]: join(folder, 'mine.jks') });

    expect(await server.end()).toMatchObject({
      code: 2,
      output: expect.stringMatching(
        /^gatehouse: keystore\.(tls|primary)\.file_name: .*keytool -importkeystore -srckeystore .*mine\.jks .*\n$/,
      ),
    });
  }
});
