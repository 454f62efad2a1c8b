import 'reflect-metadata';
import { Type } from 'class-transformer';
import { IsArray, IsBoolean, IsInt, IsObject, IsOptional, IsString, MaxLength, ValidateNested } from 'class-validator';
import { Problem } from '../../domain/problem.js';
import { TURN_ITEMS } from '../turns/turns.js';
import { certainBuild } from './certain-items.js';
import { validateAs } from './validation.pipe.js';

class PartDto {
  @IsString() name!: string;
  @IsOptional() @IsObject() parameters?: Record<string, unknown>;
}

class ItemDto {
  @IsOptional() @IsString() verb?: string = 'GET';
  @IsOptional() @IsInt() timeout?: number;
  @IsOptional() @IsBoolean() encode?: boolean;
  @IsOptional() @IsArray() @IsString({ each: true }) scopes?: string[];
  @IsOptional() @IsObject() @ValidateNested() @Type(() => PartDto) part?: PartDto;
  @IsOptional() @IsArray() @IsObject({ each: true }) @ValidateNested({ each: true }) @Type(() => PartDto) parts?: PartDto[];
}

class BodyDto {
  @IsString() name!: string;
  @IsOptional() @IsArray() @IsObject({ each: true }) @ValidateNested({ each: true }) @Type(() => ItemDto) items?: ItemDto[];
}

class BoundedDto {
  @MaxLength(3) name!: string;
}

const GOOD = { verb: 'PUT', timeout: 1, encode: true, scopes: ['a'], part: { name: 'p', parameters: { a: [1] } }, parts: [{ name: 'q' }] };
const answerTo = async (items: readonly unknown[], more: object = {}) => {
  try {
    return await validateAs(BodyDto, { name: 'n', items, ...more });
  } catch (err) {
    return err;
  }
};
const worded = (answer: unknown) => {
  if (!(answer instanceof Problem)) return answer;
  return {
    description: answer.description,
    findings: JSON.parse(JSON.stringify(answer.findings).replaceAll(`items.${TURN_ITEMS}`, 'items.0')),
  };
};

describe.each([
  ['a good one', GOOD],
  ['an empty one', {}],
  ['nothing in every place', { verb: null, timeout: null, encode: null, scopes: null, part: null, parts: null }],
  ['an unknown property', { ...GOOD, colour: 'red' }],
  ['a text for a number', { timeout: '1' }],
  ['half a number', { timeout: 1.5 }],
  ['a number for a text', { verb: 1 }],
  ['a list for a text', { verb: ['GET'] }],
  ['a number among texts', { scopes: ['a', 1] }],
  ['a text for a list', { scopes: 'a' }],
  ['a list for an object', { part: [] }],
  ['an unknown property inside', { part: { name: 'p', colour: 'red' } }],
  ['a missing property inside', { part: {} }],
  ['a missing property in a list inside', { parts: [{ name: 'p' }, {}] }],
  ['no object', 'x'],
  ['null', null],
  ['a list', []],
  ['a name that stands for nothing', JSON.parse('{"__proto__": {"verb": "POST"}}')],
])('%s', (_, item) => {
  it('is answered in a long list as in a short one', async () => {
    const long = Array.from({ length: TURN_ITEMS }, () => GOOD);

    const short = await answerTo([item]);
    const answer = await answerTo([...long, item]);

    if (short instanceof BodyDto) expect((answer as BodyDto).items?.at(-1)).toEqual(short.items?.[0]);
    else expect(worded(answer)).toEqual(worded(short));
  });
});

it('makes instances with their defaults', async () => {
  const answer = (await answerTo(Array.from({ length: TURN_ITEMS + 1 }, () => ({ timeout: 2 })))) as BodyDto;

  expect(answer).toBeInstanceOf(BodyDto);
  expect(answer.items?.[TURN_ITEMS]).toEqual(Object.assign(new ItemDto(), { timeout: 2 }));
  expect(answer.items?.[0]).toBeInstanceOf(ItemDto);
});

it('lists what is wrong beside a long list, too', async () => {
  const answer = await answerTo([...Array.from({ length: TURN_ITEMS }, () => GOOD), { part: {} }], { name: undefined });

  expect((answer as Problem).findings.map(({ code }) => code)).toEqual(['400_name', `400_items.${TURN_ITEMS}.part.name`]);
});

it('answers a long list within an item as a short one', async () => {
  const parts = Array.from({ length: TURN_ITEMS + 1 }, () => ({ name: 'p' }));

  const [good, bad] = [await answerTo([{ parts }]), await answerTo([GOOD, { parts: [...parts, {}] }])];

  expect((good as BodyDto).items?.[0]).toBeInstanceOf(ItemDto);
  expect((good as BodyDto).items?.[0]?.parts?.[TURN_ITEMS]).toEqual(Object.assign(new PartDto(), { name: 'p' }));
  expect((bad as Problem).findings.map(({ code }) => code)).toEqual([`400_items.1.parts.${TURN_ITEMS + 1}.name`]);
});

it('leaves classes with other rules to class-validator', () => {
  expect(certainBuild(BoundedDto)).toBeUndefined();
});

it.each([
  ['a zero byte', { name: 'a\0' }],
  ['half a surrogate pair in a key', { name: 'a', '\ud800': 1 }],
  ['a nesting nobody needs', { name: 'a', items: JSON.parse('['.repeat(500) + ']'.repeat(500)) }],
])('refuses %s', async (_, body) => {
  await expect(validateAs(BodyDto, body)).rejects.toMatchObject({ code: 400, description: expect.stringMatching(/disallowed/) });
});
