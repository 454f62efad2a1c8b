import { bundle, references } from './bundle.worker.js';

const ROOT = 'archive://definition/api/openapi.yaml';
const HEAD = 'openapi: 3.0.1\ninfo:\n  title: Pets\n  version: 1.0.0\n';
const responses = (schema: string) =>
  `{get: {responses: {200: {description: OK, content: {application/json: {schema: {$ref: "${schema}"}}}}}}}`;
const SPREAD = {
  [ROOT]: `${HEAD}paths:\n  /pets:\n    $ref: paths/pets.yaml\n  /owners: ${responses('schemas/owner.json#/definitions/Owner')}\n`,
  'archive://definition/api/paths/pets.yaml': responses('../schemas/pet.json'),
  'archive://definition/api/schemas/pet.json':
    '{"type":"object","properties":{"parent":{"$ref":"pet.json"},"owner":{"$ref":"owner.json#/definitions/Owner"},"n":{"type":"integer","maximum":12345678901234567890}}}',
  'archive://definition/api/schemas/owner.json': '{"definitions":{"Owner":{"type":"object","properties":{"pet":{"$ref":"./pet.json"}}}}}',
};
const bundled = (files: Readonly<Record<string, string>>) => bundle({ root: ROOT, files: new Map(Object.entries(files)) });

it('makes one document of many, circles and large numbers included', async () => {
  const { text } = (await bundled(SPREAD)) as { text: string };

  expect(text).not.toMatch(/"\$ref":"[^#]/);
  expect(text).toContain('12345678901234567890');
  expect(JSON.parse(text)).toMatchObject({ openapi: '3.0.1', paths: { '/pets': { get: { responses: { 200: { description: 'OK' } } } } } });
});

const addressesIn = (text: string) => references(new Map([[ROOT, text]]));

it('finds what a file refers to, once', () => {
  const root = `${SPREAD[ROOT]}  /more:\n    $ref: http://example.com/more.yaml#/a\n  /own:\n    $ref: "#/paths/~1more"\n  /self:\n    $ref: openapi.yaml#/x\n`;

  expect(addressesIn(root)).toEqual({
    addresses: expect.arrayContaining([
      'archive://definition/api/paths/pets.yaml',
      'archive://definition/api/schemas/owner.json',
      'http://example.com/more.yaml',
      ROOT,
    ]),
  });
  expect((addressesIn(root) as { addresses: string[] }).addresses).toHaveLength(4);
});

it('turns references of a file to itself into such within the document', async () => {
  const root = `${HEAD}paths:\n  /a: ${responses('openapi.yaml#/components/schemas/Pet')}\ncomponents: {schemas: {Pet: {type: string}}}\n`;

  const { text } = (await bundled({ [ROOT]: root })) as { text: string };

  expect(text).toContain('"$ref":"#/components/schemas/Pet"');
});

it.each(['../../../../etc/passwd', '/etc/passwd', '%2e%2e/%2e%2e/etc/passwd'])('looks for %s below the archive', (reference) => {
  expect(addressesIn(`${HEAD}paths:\n  /a:\n    $ref: "${reference}"\n`)).toEqual({ addresses: ['archive://definition/etc/passwd'] });
});

it('says which file does not parse', () => {
  expect(addressesIn('a: [')).toMatchObject({ finding: { code: 900754, description: expect.stringMatching(/openapi\.yaml/) } });
});

it('says that a file is nested too deeply', () => {
  expect(addressesIn(`{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`)).toMatchObject({ finding: { code: 900754 } });
});

it('follows lists of any length', () => {
  const list = JSON.stringify(Array.from({ length: 200_000 }, () => ({})));

  expect(addressesIn(`{"x": ${list}, "a": {"$ref": "b.json"}}`)).toEqual({ addresses: ['archive://definition/api/b.json'] });
});

it('takes no longer when files share files', async () => {
  const address = (level: number) => `archive://definition/api/s${level}.json`;
  const files: Record<string, string> = { [ROOT]: `${HEAD}paths:\n  /a: ${responses('s40.json')}\n` };
  for (let level = 0; level <= 40; level += 1) {
    const part = level === 0 ? { type: 'string' } : { $ref: `s${level - 1}.json` };
    files[address(level)] = JSON.stringify({ type: 'object', properties: { a: part, b: part } });
  }

  const { text } = (await bundled(files)) as { text: string };

  // Written out, these are 2^40 schemas.
  expect(text.length).toBeLessThan(50_000);
}, 10_000);

it('says that a reference leads nowhere within another file', async () => {
  const files = { ...SPREAD, [ROOT]: `${HEAD}paths:\n  /a:\n    $ref: paths/pets.yaml#/nowhere\n` };

  expect(await bundled(files)).toMatchObject({ finding: { code: 900754, description: expect.stringMatching(/nowhere/) } });
});
