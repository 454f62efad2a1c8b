import { createServer, request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { apiRow, operation, startBackend, startRawBackend, TestGateway } from './engine.fixture.js';
import { RawClient, startRecorder } from './wire.fixture.js';

const B = '/pizza/1.0.0';
const OPERATIONS = ['GET', 'POST', 'DELETE', 'HEAD'].map((method) => operation(method, '/*', { authType: 'None' }));
const MEGABYTE = 1_048_576;
const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const gatewayTo = async (url: string): Promise<TestGateway> => {
  const gateway = await TestGateway.start([apiRow(url, { operations: OPERATIONS })]);
  cleanups.push(() => gateway.stop());
  return gateway;
};

const MULTIPART = [
  '--b',
  'Content-Disposition: form-data; name="a"',
  'content-type:  text/plain; charset=ISO-8859-1',
  'Content-Transfer-Encoding: quoted-printable',
  '',
  'caf=E9 \xe9',
  '--b',
  'Content-Disposition: form-data; name="f"; filename="\xc3\xa9.bin"',
  'Content-Type: application/octet-stream',
  'Content-Transfer-Encoding: binary',
  '',
  '\0\x01\xff\r\n\r\n--not a boundary',
  '--b--',
  'what comes after',
].join('\r\n');

it.each([
  ['multipart', 'Content-Type: multipart/form-data; boundary=b', MULTIPART],
  ['compressed', 'Content-Encoding: gzip', gzipSync('x'.repeat(2_000)).toString('latin1')],
  ['binary', 'Content-Type: application/octet-stream', String.fromCharCode(...Array.from({ length: 256 }, (_, byte) => byte))],
  ['empty', 'Content-Type: application/json', ''],
])('a %s body reaches the backend byte by byte, with a length or in chunks, whatever the method', async (_case, header, body) => {
  const recorder = await startRecorder();
  cleanups.push(() => recorder.stop());
  const gateway = await gatewayTo(recorder.url);
  const chunks = `${body === '' ? '' : `${body.length.toString(16)}\r\n${body}\r\n`}0\r\n\r\n`;

  for (const method of ['POST', 'DELETE', 'GET']) {
    const client = await RawClient.open(gateway.port);
    const head = `${method} ${B}/x HTTP/1.1\r\nHost: x\r\n${header}\r\n`;
    client.write(`${head}Content-Length: ${body.length}\r\n\r\n${body}`);
    expect(await client.answers(1)).toEqual([200]);
    client.write(`${head}Transfer-Encoding: chunked\r\n\r\n${chunks}`);
    expect(await client.answers(2)).toEqual([200, 200]);
    client.socket.destroy();
  }

  for (const [i, seen] of recorder.seen.entries()) {
    expect(seen.headers[0]).toBe(header);
    // An empty one needs no chunks.
    expect(seen.body).toBe(i % 2 === 0 || body === '' ? body : chunks);
  }
  expect(recorder.seen).toHaveLength(6);
});

it('an answer passes back as it is compressed', async () => {
  const body = gzipSync('y'.repeat(2_000));
  const backend = await startBackend((_request, reply) =>
    reply.writeHead(200, { 'Content-Encoding': 'gzip', Vary: 'Accept-Encoding' }).end(body),
  );
  cleanups.push(() => backend.stop());
  const gateway = await gatewayTo(backend.url);
  const client = await RawClient.open(gateway.port);

  client.write(`GET ${B}/x HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip, br\r\nConnection: close\r\n\r\n`);
  await client.closed();

  expect(backend.seen[0]?.headers['accept-encoding']).toBe('gzip, br');
  expect(client.text).toMatch(/content-encoding: gzip\r\n/i);
  expect(client.text).toContain(body.toString('latin1'));
});

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

/** Live buffers outside the heap, in bytes. What one collection found free counts until it was swept, which the next one waits for. */
const buffered = (): number => {
  collect();
  collect();
  return process.memoryUsage().arrayBuffers;
};

/** Calls once, when as many bytes have passed as told. */
const atByte = (bytes: number, call: () => void): ((part: Buffer) => void) => {
  let passed = 0;
  return (part) => {
    if (passed < bytes && passed + part.length >= bytes) call();
    passed += part.length;
  };
};

it('100 MB up and 100 MB down pass without being held in memory', async () => {
  const total = 100 * MEGABYTE;
  const chunk = Buffer.alloc(65_536, 'z');
  let received = 0;
  const growth: number[] = [];
  const sample = (): number => growth.push(buffered() - before);
  const server = createServer((incoming, reply) => {
    incoming.on('data', (part: Buffer) => {
      received += part.length;
    });
    incoming.on('data', atByte(0.9 * total, sample));
    incoming.on('end', () => {
      let left = total;
      reply.writeHead(200, { 'Content-Length': total });
      const pump = (): void => {
        while (left > 0) {
          left -= chunk.length;
          if (!reply.write(chunk)) {
            reply.once('drain', pump);
            return;
          }
        }
        reply.end();
      };
      pump();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => new Promise((resolve) => server.close(() => resolve())));
  const gateway = await gatewayTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  let returned = 0;

  const before = buffered();
  await new Promise((resolve, reject) => {
    const headers = { 'Content-Length': total };
    const outgoing = request({ host: '127.0.0.1', port: gateway.port, path: `${B}/x`, method: 'POST', headers, agent: false }, (answer) => {
      answer.on('data', (part: Buffer) => {
        returned += part.length;
      });
      answer.on('data', atByte(0.9 * total, sample));
      answer.on('end', resolve);
    });
    outgoing.on('error', reject);
    let left = total;
    const pump = (): void => {
      while (left > 0) {
        left -= chunk.length;
        if (!outgoing.write(chunk)) {
          outgoing.once('drain', pump);
          return;
        }
      }
      outgoing.end();
    };
    pump();
  });

  expect([received, returned]).toEqual([total, total]);
  expect(growth).toHaveLength(2);
  expect(Math.max(...growth)).toBeLessThan(8 * MEGABYTE);
}, 20_000);

it('stops reading from a client whose backend does not read', async () => {
  let isAsked = false;
  // Nobody takes the bytes from the connection.
  const backend = await startRawBackend(() => {
    isAsked = true;
  });
  cleanups.push(() => backend.stop());
  const gateway = await gatewayTo(backend.url);
  const total = 200 * MEGABYTE;
  const chunk = Buffer.alloc(MEGABYTE);
  let written = 0;
  const client = connect(gateway.port, '127.0.0.1');
  client.on('error', () => undefined);
  client.write(`POST ${B}/x HTTP/1.1\r\nHost: x\r\nContent-Length: ${total}\r\n\r\n`);
  const pump = (): void => {
    if (written >= total || client.destroyed) return;
    client.write(chunk, () => {
      written += chunk.length;
      pump();
    });
  };
  pump();

  let before = -1;
  while (before !== written || !isAsked) {
    before = written;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }

  expect(written).toBeLessThan(64 * MEGABYTE);
  client.destroy();
});
