import { MasterMissing } from '../../src/apis/definitions/definitions.problems.js';
import { writeArchive } from '../../src/platform/archives/write-archive.js';
import { type Actor, expected } from '../support/actor.js';
import type { Body, FormField } from '../support/client.js';
import { given } from '../support/given.js';

const HEAD = 'openapi: 3.0.1\ninfo:\n  title: Pets\n  version: 1.0.0\n';
const answering = (schema: string) =>
  `{get: {responses: {200: {description: OK, content: {application/json: {schema: {$ref: "${schema}"}}}}}}}`;
const SPREAD = {
  'openapi.yaml': `${HEAD}paths:\n  /pets:\n    $ref: paths/pets.yaml\n  /owners: ${answering('schemas/pet.yaml')}\n`,
  'paths/pets.yaml': answering('../schemas/pet.yaml'),
  'schemas/pet.yaml': 'type: object\nproperties:\n  parent: {$ref: pet.yaml}\n  weight: {type: number, maximum: 12345678901234567890}\n',
};

let admin: Actor;
beforeAll(async () => {
  ({ admin } = await given.organization());
});

const zipped = async (files: Readonly<Record<string, string>>): Promise<FormField> => ({
  file: await writeArchive(Object.entries(files)),
  name: 'api.zip',
  type: 'application/zip',
});
const importing = (form: Readonly<Record<string, FormField>>) =>
  admin.publisher<Body & { id: string }>('POST /apis/import-openapi', {
    form: { additionalProperties: JSON.stringify(given.apiProperties()), ...form },
  });
const textOf = async (apiId: string): Promise<string> =>
  JSON.stringify(expected(await admin.publisher('GET /apis/{apiId}/swagger', { path: { apiId } }), 200));
const validate = (form: Readonly<Record<string, FormField>>) =>
  admin.publisher<{ isValid: boolean; errors: readonly { code: string; description: string }[] }>('POST /apis/validate-openapi', { form });
const inFolder = (folder: string, files: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(files).map(([path, text]) => [`${folder}/${path}`, text]));

it.each([
  ['in its root', SPREAD],
  ['in its only folder', { ...inFolder('pets', SPREAD), '__MACOSX/pets/._openapi.yaml': 'x' }],
  ['beside a file whose name looks like an address', { ...SPREAD, 'http://[': 'x' }],
  ['that names its own file', { ...SPREAD, 'openapi.yaml': `${SPREAD['openapi.yaml']}  /cats:\n    $ref: openapi.yaml#/paths/~1pets\n` }],
  [
    'named swagger.json',
    {
      'swagger.json': JSON.stringify({
        swagger: '2.0',
        info: { title: 'Pets', version: '1' },
        paths: { '/pets': { get: { responses: { 200: { description: 'OK' } } } } },
      }),
    },
  ],
])('imports an archive with the definition %s', async (_, files) => {
  const answer = await importing({ file: await zipped(files) });

  expect(answer.status).toBe(201);
  expect(answer.body['operations']).toEqual(expect.arrayContaining([expect.objectContaining({ target: '/pets', verb: 'GET' })]));
  expect(await textOf(answer.body.id)).not.toMatch(/"\$ref":"[^#]/);
});

it('fetches what an archive refers to on the web', async () => {
  const backend = await given.backend((request, response) =>
    response.end(request.url === '/pet.yaml' ? 'type: object\ntitle: FromAfar\n' : 'type: string'),
  );
  const files = { 'openapi.yaml': `${HEAD}paths:\n  /pets: ${answering(`${backend.url}/pet.yaml`)}\n` };

  const { id } = expected(await importing({ file: await zipped(files) }), 201);

  expect(await textOf(id)).toContain('FromAfar');
});

it('replaces a definition by an archive', async () => {
  const { id } = await given.api({ by: admin });

  const answer = await admin.publisher('PUT /apis/{apiId}/swagger', { path: { apiId: id }, form: { file: await zipped(SPREAD) } });

  expect(answer).toMatchObject({ status: 200, body: { paths: { '/pets': { get: {} }, '/owners': { get: {} } } } });
});

it('resolves references relative to the address a definition comes from', async () => {
  const backend = await given.backend((request, response) => {
    const text = inFolder('/defs', SPREAD)[request.url ?? ''];
    response.writeHead(text === undefined ? 404 : 200).end(text);
  });

  const { id } = expected(await importing({ url: `${backend.url}/defs/openapi.yaml` }), 201);

  expect(await textOf(id)).toMatch(/"parent":\{"\$ref":"#/);
  expect(backend.requests.map(({ url }) => url).sort()).toEqual(['/defs/openapi.yaml', '/defs/paths/pets.yaml', '/defs/schemas/pet.yaml']);
});

it('gives up on files that refer to ever more files', async () => {
  const backend = await given.backend((request, response) => response.end(`a: {$ref: "${Number(request.url?.slice(1)) + 1}"}`));
  const files = { 'openapi.yaml': `${HEAD}paths:\n  /a:\n    $ref: ${backend.url}/1\n` };

  expect(await importing({ file: await zipped(files) })).toMatchObject({
    status: 400,
    body: { description: expect.stringMatching(/more than 100 other files/) },
  });
});

it.each([
  ['a definition of another name', () => zipped({ 'petstore.yaml': `${HEAD}paths: {}\n` }), MasterMissing().description],
  ['nothing', () => zipped({}), MasterMissing().description],
  [
    'a reference to a file that is not there',
    () => zipped({ 'openapi.yaml': `${HEAD}paths:\n  /a:\n    $ref: a.yaml\n` }),
    'does not hold a\\.yaml',
  ],
  [
    'a reference that is badly escaped',
    () => zipped({ 'openapi.yaml': `${HEAD}paths:\n  /a:\n    $ref: ./%zz.yaml\n` }),
    'does not hold %zz\\.yaml',
  ],
  [
    'a reference out of it',
    () => zipped({ 'openapi.yaml': `${HEAD}paths:\n  /a:\n    $ref: ../../etc/passwd\n` }),
    'does not hold etc/passwd',
  ],
  ['a reference that is no address', () => zipped({ 'openapi.yaml': `${HEAD}paths:\n  /a:\n    $ref: '%zz.yaml'\n` }), 'does not hold %zz'],
  ['a reference to the server', () => zipped({ 'openapi.yaml': `${HEAD}paths:\n  /a:\n    $ref: file:///etc/passwd\n` }), 'cannot be had'],
  [
    'a reference to the metadata of a cloud',
    () => zipped({ 'openapi.yaml': `${HEAD}paths:\n  /a:\n    $ref: http://169.254.169.254/latest\n` }),
    'cannot be had',
  ],
  ['a file that does not parse', () => zipped({ ...SPREAD, 'paths/pets.yaml': 'a: [' }), 'paths/pets\\.yaml'],
  ['a bomb', () => zipped({ 'openapi.yaml': ' '.repeat(60_000_000) }), 'unpacks to more than'],
  [
    'half an archive',
    async () => ({ file: (await writeArchive([['a', 'b'.repeat(500)]])).subarray(0, 60), name: 'a.zip' }),
    'not a readable zip archive',
  ],
])(
  'refuses an archive with %s',
  async (_, make, text) => {
    const file = await make();

    const answer = await importing({ file });
    const validation = await validate({ file });

    expect(answer).toMatchObject({ status: 400, body: { description: expect.stringMatching(text) } });
    expect(validation).toMatchObject({ status: 200, body: { isValid: false, errors: [{ description: expect.stringMatching(text) }] } });
  },
  60_000,
);
