import { expected } from '../support/actor.js';
import { type Backend } from '../support/backend.js';
import { given } from '../support/given.js';
import { askForSdk, compile, run, sdkFiles, unpacked } from '../support/sdks.js';

/** Each ends a string, a comment or documentation of some language, in the hope that what follows is code. */
const ENDINGS = [
  ...[
    '*/',
    '/*',
    '"',
    "'",
    '`',
    '" +',
    "' +",
    '` +',
    '"""',
    "'''",
    '\\',
    '\\u002a/',
    '\\u0022',
    '\\"',
    '{{',
    '{{{',
    '<%=',
    '$'.concat('{'),
    '#{',
    '$(',
    '@{[',
  ],
  ...[
    '?>',
    '<?php',
    '<script>',
    '-->',
    ']]>',
    '\n',
    '\r\n',
    '\u2028',
    '\u2029',
    '\u0085',
    '\n=cut\n',
    '\n=begin\n',
    '\n=end\n',
    '\n__END__\n',
  ],
];
const HOSTILE = ENDINGS.map((ending) => `${ending}pwned();`).join(' ');

const json = (schema: object) => ({ content: { 'application/json': { schema } } });

const definitionWith = (trap: string, wireNames: readonly string[]) => ({
  openapi: '3.0.3',
  info: { title: HOSTILE, version: '1', description: HOSTILE, license: { name: HOSTILE }, contact: { name: HOSTILE } },
  tags: [{ name: '../../tag', description: HOSTILE }],
  paths: {
    '/items/{id}': {
      get: {
        operationId: '../../../../tmp/pwned',
        tags: ['../../tag', HOSTILE],
        summary: HOSTILE,
        description: HOSTILE,
        'x-codegen-request-body-name': HOSTILE,
        parameters: [
          {
            name: 'id',
            in: 'path',
            required: true,
            description: HOSTILE,
            schema: { type: 'string', default: HOSTILE, example: HOSTILE, pattern: HOSTILE },
          },
          ...wireNames.map((name) => ({ name, in: 'query', description: HOSTILE, schema: { type: 'string', enum: [HOSTILE, 'b'] } })),
        ],
        responses: { 200: { description: HOSTILE, ...json({ $ref: '#/components/schemas/.._.._Item' }) } },
      },
      put: {
        operationId: HOSTILE,
        requestBody: { description: HOSTILE, ...json({ $ref: '#/components/schemas/.._.._Item' }) },
        responses: { 200: { description: 'x', ...json({ $ref: `${trap}/schema.json#/Thing` }) } },
      },
      post: { operationId: '__proto__', responses: { 200: { description: 'x' } } },
      delete: { operationId: '名前', responses: { 200: { description: 'x' } } },
    },
  },
  components: {
    schemas: {
      '.._.._Item': {
        type: 'object',
        description: HOSTILE,
        title: HOSTILE,
        properties: {
          ...Object.fromEntries(wireNames.map((name) => [name, { type: 'string', description: HOSTILE }])),
          self: { $ref: '#/components/schemas/.._.._Item' },
          kind: { type: 'string', enum: ['a', HOSTILE] },
        },
      },
    },
  },
});

let trap: Backend;
beforeAll(async () => {
  trap = await given.backend((_, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"Thing":{"type":"string"}}'),
  );
});

const languagesOf = async () => expected(await given.superAdmin.devportal<readonly string[]>('GET /sdk-gen/languages'), 200);

it('makes nothing of a definition into code, in any language that needs Java', async () => {
  const { id } = await given.publishedApi({ definition: definitionWith(trap.url, []) });
  const from = trap.requests.length;
  const languages = (await languagesOf()).filter((language) => !['typescript', 'javascript', 'python'].includes(language));

  for (const language of languages) {
    const files = await sdkFiles(await askForSdk(given.superAdmin, id, language));
    const texts = [...files].map(([path, text]) => `${path}\n${text}`).join('\n');
    const survived = ENDINGS.filter((ending) => texts.includes(`${ending}pwned();`));
    expect({ language, survived, paths: [...files.keys()].filter((path) => path.includes('..')) }).toEqual({
      language,
      survived: [],
      paths: [],
    });
  }
  expect(trap.requests).toHaveLength(from);
});

it('says which names keep a definition from a language that needs Java', async () => {
  const { id } = await given.publishedApi({ definition: definitionWith(trap.url, ['a"b']) });
  const languages = await languagesOf();

  for (const language of ['java', 'ruby'].filter((one) => languages.includes(one))) {
    const refusal = await given.superAdmin.devportal('GET /apis/{apiId}/sdks/{language}', { path: { apiId: id, language } });
    expect(refusal).toMatchObject({
      status: 400,
      body: { code: 400, description: expect.stringContaining('typescript, javascript and python') },
    });
  }
});

it('makes nothing of a definition into code in TypeScript, JavaScript and Python, and keeps names as they are', async () => {
  const names = ['a"b', "c'd", 'e\\f', 'g`$h{}', 'i\nj', '\\u0027', 'k*/l', '"""', '__proto__', 'ü'];
  const { id } = await given.publishedApi({ definition: definitionWith(trap.url, names) });
  const from = trap.requests.length;

  const sdk = async (language: string) => sdkFiles(await askForSdk(given.superAdmin, id, language));
  const [typescript, javascript, python] = await Promise.all([sdk('typescript'), sdk('javascript'), sdk('python')]);

  for (const files of [typescript, javascript, python]) expect([...files.keys()].filter((path) => path.includes('..'))).toEqual([]);
  // pwned() is defined nowhere: were it code, it would not compile, or would be called.
  await expect(compile(unpacked(typescript))).resolves.toBe('');
  const loaded = unpacked(javascript, { 'load.mjs': "import * as sdk from './lib/index.js'; console.log(Object.keys(sdk).length > 3);" });
  expect(await run(loaded, process.execPath, 'load.mjs')).toBe('true\n');
  const [, module = ''] = /src\/([^/]+)\/client\.py/.exec([...python.keys()].join('\n')) ?? [];
  const program = `import ast, typing, ${module} as sdk
model = next(value for name, value in vars(sdk.models).items() if name.endswith('Item'))
print(ascii(sorted(typing.get_type_hints(model))))`;
  const printed = await run(unpacked(python, { 'load.py': program }), 'python3', '-W', 'error', 'load.py');
  for (const name of ["c'd", 'k*/l', '"""'].map((text) => JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"')))
    expect(printed).toContain(name);
  expect(printed).not.toContain('__proto__');
  expect(trap.requests).toHaveLength(from);
});
