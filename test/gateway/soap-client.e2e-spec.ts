import { mkdir, rm, writeFile } from 'node:fs/promises';
import { Agent } from 'node:https';
import { dirname, join } from 'node:path';
import { BearerSecurity, type Client, createClientAsync } from 'soap';
import { CALCULATOR, calculatorFiles, calculatorWsdl } from '../../src/apis/wsdl/wsdl.fixture.js';
import { temporaryFolder } from '../server/cli.js';
import { expected } from '../support/actor.js';
import { unzip, zip } from '../support/archives.js';
import { eventually } from '../support/eventually.js';
import { type GivenApi, given } from '../support/given.js';
import { unique } from '../support/unique.js';

const SOAP = 'http://schemas.xmlsoap.org/soap/envelope/';
const folder = temporaryFolder();
// The server makes its own certificate.
const httpsAgent = new Agent({ rejectUnauthorized: false });
afterAll(async () => {
  httpsAgent.destroy();
  await rm(folder, { recursive: true });
});

const calculator = () =>
  given.backend((request, reply) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.once('end', () => {
      const summands = [
        ...Buffer.concat(chunks)
          .toString()
          .matchAll(/summand>(\d+)<\//g),
      ].map(([, digits]) => Number(digits));
      const sum = summands.reduce((a, b) => a + b, 0);
      const body = `<AddResponse xmlns="${CALCULATOR}"><sum>${sum}</sum></AddResponse>`;
      const envelope = `<s:Envelope xmlns:s="${SOAP}"><s:Body>${body}</s:Body></s:Envelope>`;
      reply.writeHead(200, { 'content-type': 'text/xml; charset=utf-8' }).end(envelope);
    });
  });

interface Summed {
  readonly sum: number;
}

const add = async (client: Client, summand: readonly number[]): Promise<Summed> => {
  const [answer]: [Summed] = await client['AddAsync']({ summand });
  return answer;
};

describe.each(['WSDL', 'ZIP'])('a SOAP client that knows only the portal’s WSDL (%s)', (type) => {
  it('calls the service through the gateway', async () => {
    const by = given.superAdmin;
    const backend = await calculator();
    const address = `${backend.url}/calculator`;
    const name = unique('Soap');
    const file =
      type === 'ZIP'
        ? { file: await zip(calculatorFiles(address)), name: 'calculator.zip' }
        : { file: calculatorWsdl(address), name: 'calculator.wsdl' };
    const additionalProperties = JSON.stringify({ name, context: `/${name.toLowerCase()}`, version: '1.0.0', policies: ['Unlimited'] });
    const api = expected(await by.publisher<GivenApi>('POST /apis/import-wsdl', { form: { file, additionalProperties } }), 201);
    expected(await by.publisher('POST /apis/change-lifecycle', { query: { apiId: api.id, action: 'Publish' } }), 200);
    await given.deployment(api);
    const application = await given.application();
    await given.subscription(api, application);
    const token = await given.applicationToken(await given.keys(application));

    const wsdl = expected(
      await by.devportal<string | Uint8Array>('GET /apis/{apiId}/wsdl', {
        path: { apiId: api.id },
        query: { environmentName: 'Default' },
      }),
      200,
    );
    const files = typeof wsdl === 'string' ? new Map([['calculator/service.wsdl', Buffer.from(wsdl)]]) : await unzip(wsdl);
    for (const [path, content] of files) {
      await mkdir(dirname(join(folder, name, path)), { recursive: true });
      await writeFile(join(folder, name, path), content);
    }
    const client = await createClientAsync(join(folder, name, 'calculator/service.wsdl'));
    client.setSecurity(new BearerSecurity(token, { httpsAgent }));
    const answer = await eventually(
      () => add(client, [2, 40]).catch((err: Error) => err.message),
      (each) => typeof each === 'object',
    );

    expect(answer).toEqual({ sum: 42 });
    expect(backend.requests.at(-1)).toMatchObject({ url: '/calculator', headers: { soapaction: '"urn:calculator/Add"' } });
  });
});
