import type { AuditEntryDto } from './audit.dto.js';
import { EXPORT_FORMATS, exported } from './audit-export.js';

const entry = (facts: Partial<AuditEntryDto>): AuditEntryDto => ({
  ...{ id: 'i', at: 't', user: 'u', address: 'a', action: 'created', kind: 'API', entityId: 'e', entityName: null, parentId: null },
  ...{ transactionId: '7', before: null, after: null },
  ...facts,
});

const text = async (format: 'csv' | 'jsonl', ...entries: readonly AuditEntryDto[]): Promise<string> => {
  let result = '';
  const given = async function* () {
    yield* entries;
  };
  for await (const line of exported(given(), EXPORT_FORMATS[format])) result += line;
  return result;
};

const HEAD = 'id,at,user,address,action,kind,entityId,entityName,parentId,transactionId,before,after\r\n';

it('writes CSV with a head, also where there is nothing else', async () => {
  expect(await text('csv')).toBe(HEAD);
  expect(await text('csv', entry({ entityName: 'a "b", c\nd', after: { x: 'y' } }))).toBe(
    `${HEAD}i,t,u,a,created,API,e,"a ""b"", c\nd",,7,,"{""x"":""y""}"\r\n`,
  );
});

it.each([
  '=1+1',
  '+1',
  '-1',
  '@x',
  '\t=1',
  '\r=1',
  '\n=1',
  '  =1',
  '＝1',
  "=cmd|'/C calc'!A0",
])('lets no spreadsheet compute %j', async (name) => {
  expect(await text('csv', entry({ entityName: name }))).toContain(`"'${name}"`);
});

it('writes one JSON object a line', async () => {
  const entries = [entry({ entityName: 'a\nb' }), entry({ entityName: '=1' })];

  const lines = (await text('jsonl', ...entries)).split('\n');

  expect(lines.pop()).toBe('');
  expect(lines.map((line) => JSON.parse(line))).toEqual(entries);
});
