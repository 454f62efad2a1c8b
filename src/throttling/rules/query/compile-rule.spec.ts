import fc from 'fast-check';
import type { RuleExpression } from '../../../domain/custom-rules.js';
import { compileQuery } from './compile-rule.js';
import { QueryError } from './query-error.js';

const PER_MINUTE = `FROM EligibilityStream[isEligible==true]#throttler:timeBatch(1 min)
SELECT throttleKey, (count(userId) >= 5) as isThrottled, expiryTimeStamp group by throttleKey
INSERT ALL EVENTS into ResultStream;`;

/** A rule with this first selection. */
const selecting = (columns: string): string => `FROM RequestStream\nSELECT ${columns}\nINSERT INTO EligibilityStream;\n${PER_MINUTE}`;
/** A rule about the requests for which this is so. */
const about = (condition: string): string => selecting(`userId, ( ${condition} ) AS isEligible, userId as throttleKey`);
/** A rule with this in place of the second query. */
const counting = (second: string, columns = 'userId, true AS isEligible, userId AS throttleKey'): string =>
  `FROM RequestStream SELECT ${columns} INSERT INTO EligibilityStream;\n${second}`;

const field = (name: string) => ({ kind: 'field', name });
const literal = (value: unknown) => ({ kind: 'literal', value });
const property = (name: string) => ({ kind: 'property', name });
const cast = (to: string, of: unknown) => ({ kind: 'cast', to, of });
const equal = (left: unknown, right: unknown) => ({ kind: 'compare', operator: '==', left, right });

/** What the condition of a rule becomes, without the comparison with true that every rule has around it. */
const conditionOf = (text: string): RuleExpression => {
  const { isEligible } = compileQuery(text);
  if (isEligible.kind !== 'compare') throw new Error('a rule compares isEligible with true');
  return isEligible.left;
};

const failure = (text: string): string => {
  try {
    compileQuery(text);
  } catch (err) {
    if (err instanceof QueryError) return err.message;
    throw err;
  }
  return 'it is a rule';
};

describe('rules as the documentation of the product has them', () => {
  it('a user at an API', () => {
    const text = `FROM RequestStream
SELECT userId, ( userId == 'admin@carbon.super'  and apiContext == '/pizzashack/1.0.0' and apiVersion == '1.0.0') AS isEligible ,
str:concat('admin@carbon.super',':','/pizzashack/1.0.0:1.0.0') as throttleKey
INSERT INTO EligibilityStream;
FROM EligibilityStream [isEligible==true] #throttler:timeBatch(1 min)
SELECT throttleKey, (count(throttleKey) >= 5) as isThrottled, expiryTimeStamp group by throttleKey
INSERT ALL EVENTS into ResultStream;`;

    expect(compileQuery(text)).toEqual({
      isEligible: equal(
        {
          kind: 'and',
          left: {
            kind: 'and',
            left: equal(field('userId'), literal('admin@carbon.super')),
            right: equal(field('apiContext'), literal('/pizzashack/1.0.0')),
          },
          right: equal(field('apiVersion'), literal('1.0.0')),
        },
        literal(true),
      ),
      throttleKey: { kind: 'concat', parts: [literal('admin@carbon.super'), literal(':'), literal('/pizzashack/1.0.0:1.0.0')] },
      windowMs: 60_000,
      max: 5,
      counts: 'requests',
    });
  });

  it('a user, as the contract has it: with its line breaks written out', () => {
    const text = String.raw`FROM RequestStream\nSELECT userId, ( userId == 'admin@carbon.super' ) AS isEligible , str:concat('admin@carbon.super','') as throttleKey\nINSERT INTO EligibilityStream; \n\nFROM EligibilityStream[isEligible==true]#throttler:timeBatch(1 min) \nSELECT throttleKey, (count(userId) >= 10) as isThrottled, expiryTimeStamp group by throttleKey \nINSERT ALL EVENTS into ResultStream;`;

    expect(compileQuery(text)).toMatchObject({ max: 10, windowMs: 60_000 });
  });

  it.each([
    ['an application', "appId == '7'", equal(field('appId'), literal('7'))],
    [
      'an address',
      "cast(map:get(propertiesMap,'ip'),'Long') == 3232235778L",
      equal(cast('integer', property('ip')), literal(3_232_235_778)),
    ],
    [
      'an address of IPv6',
      "cast(map:get(propertiesMap,'ipv6'),'long') == 338288524927261089654173758656056328191",
      equal(cast('integer', property('ipv6')), { kind: 'large', digits: '338288524927261089654173758656056328191' }),
    ],
    [
      'a header',
      "regex:find('Chrome', cast(map:get(propertiesMap,'user-agent'),'string'))",
      { kind: 'find', pattern: 'Chrome', in: cast('string', property('user-agent')) },
    ],
    ['what is not there', "not (map:get(propertiesMap,'x-key') is null)", { kind: 'not', of: { kind: 'missing', of: property('x-key') } }],
  ])('%s', (_, condition, tree) => {
    expect(conditionOf(about(condition))).toEqual(tree);
  });

  it('a key for each address', () => {
    const columns =
      "propertiesMap, true AS isEligible, str:concat(apiContext, ':', cast(map:get(propertiesMap,'ip'),'string')) AS throttleKey";

    const { throttleKey } = compileQuery(counting(PER_MINUTE.replace('userId', ''), columns));

    expect(throttleKey).toEqual({ kind: 'concat', parts: [field('apiContext'), literal(':'), cast('string', property('ip'))] });
  });

  it('bytes', () => {
    const second = `FROM EligibilityStream[isEligible==true]#throttler:timeBatch(1 hour, 0)
      SELECT throttleKey, (sum(cast(map:get(propertiesMap,'messageSize'),'long')) >= 1024L) AS isThrottled, expiryTimeStamp GROUP BY throttleKey
      INSERT ALL EVENTS INTO ResultStream;`;

    expect(compileQuery(counting(second, 'propertiesMap, true AS isEligible, userId AS throttleKey'))).toMatchObject({
      windowMs: 3_600_000,
      max: 1_024,
      counts: 'bytes',
    });
  });

  it('what the product adds to every rule by itself', () => {
    const announced = `${about('true')}
      from ResultStream#throttler:emitOnStateChange(throttleKey, isThrottled) select * insert into GlobalThrottleStream;`;

    expect(compileQuery(announced)).toEqual(compileQuery(about('true')));
  });
});

it.each([
  ['1 sec', 1_000],
  ['30 SEC', 30_000],
  ['5 min', 300_000],
  ['2 minutes, 0', 120_000],
  ['1hour', 3_600_000],
  ['1 day', 86_400_000],
  ['1 week', 604_800_000],
  ['1 month', 2_592_000_000],
  ['1 year', 31_536_000_000],
])('a window of %s lasts %d ms', (window, windowMs) => {
  expect(compileQuery(about('true').replace('1 min', window)).windowMs).toBe(windowMs);
});

it.each([
  ['count(userId) >= 5', 5, 'requests'],
  ['count(userId) > 5', 6, 'requests'],
  ['5 <= count()', 5, 'requests'],
  ['5 < count(throttleKey)', 6, 'requests'],
  ['count(userId) >= 0', 0, 'requests'],
  ['count(userId) >= 2.5', 3, 'requests'],
  ['count(userId) > 2.5', 3, 'requests'],
  ["sum(cast(map:get(propertiesMap,'TOTAL_TOKENS'),'long')) >= 100", 100, 'totalTokens'],
  ["sum(cast(map:get(propertiesMap,'PROMPT_TOKENS'),'int')) >= 100", 100, 'promptTokens'],
  ["sum(cast(map:get(propertiesMap,'COMPLETION_TOKENS'),'double')) >= 100", 100, 'completionTokens'],
])('%s lets %d through, counted in %s', (limit, max, counts) => {
  expect(compileQuery(about('true').replace('count(userId) >= 5', limit))).toMatchObject({ max, counts });
});

it.each([
  ['keywords in any case', about('true').replace(/\b(from|select|as|insert|into|all|events|group|by)\b/gi, (word) => word.toLowerCase())],
  ['comments', about('true // what is so\n /* and nothing\n else * / */')],
  ['no last semicolon', about('true').slice(0, -1)],
  [
    'only current events',
    about('true')
      .replace('ALL EVENTS', 'CURRENT EVENTS')
      .replace('INSERT INTO EligibilityStream', 'insert current events into EligibilityStream'),
  ],
  ['a filter that names the column alone', about('true').replace('isEligible==true', 'isEligible')],
  ['texts in double quotes', about('"it\'s" == userId')],
  ['arithmetic', about("cast(map:get(propertiesMap,'messageSize'),'long') / 1024 + 1 - 2 * -3 % 4 > 1")],
  ['entries of the map that are compared as texts', about("map:get(propertiesMap,'a') == map:get(propertiesMap,'b')")],
])('takes %s', (_, text) => {
  expect(failure(text)).toBe('it is a rule');
});

it('what is written in the order of strength needs no parentheses', () => {
  expect(conditionOf(about("true or false and apiName == 'a' and not false"))).toEqual(
    conditionOf(about("(true or ((false and (apiName == 'a')) and (not (false))))")),
  );
});

it.each([
  ['nothing', '', 'line 1, column 1: expected FROM instead of the end'],
  ['another language', 'SELECT * FROM users', "line 1, column 1: expected FROM instead of 'SELECT'"],
  ['another stream', 'FROM Requests SELECT userId', "line 1, column 6: expected RequestStream instead of 'Requests'"],
  [
    'only the first query',
    'FROM RequestStream SELECT userId, apiContext INSERT INTO EligibilityStream;',
    'line 1, column 76: expected FROM instead of the end',
  ],
  [
    'a comma too many',
    selecting('userId, , true AS isEligible'),
    "line 2, column 16: expected a name, a function, a number, a text in quotes, true, false or ( instead of ','",
  ],
  ['a parenthesis too few', counting(PER_MINUTE.replace('5) as', '5 as')), "line 3, column 41: expected ) instead of 'as'"],
  ['a parenthesis too many', about('(true))'), "line 2, column 26: expected INSERT instead of ')'"],
  ['a typographic quote', about('userId == ’admin’'), 'line 2, column 28: the character ’ means nothing here'],
  ['a text without an end', about("userId == 'admin"), 'line 2, column 28: a text in quotes does not end in its line'],
  ['text after the rule', `${about('true')}\nFROM more`, "line 7, column 6: expected ResultStream instead of 'more'"],
  [
    'a sliding window',
    about('true').replace('#throttler:timeBatch', '#window.time'),
    "line 4, column 42: expected throttler instead of 'window'",
  ],
  ['a window that does not begin at the epoch', about('true').replace('1 min', '1 min, 5'), "line 4, column 69: expected 0 instead of '5'"],
  ['a window of no length', about('true').replace('1 min', '0 min'), 'line 4, column 62: expected a whole number from 1'],
  ['a window of half a minute', about('true').replace('1 min', '0.5 min'), 'line 4, column 62: expected a whole number from 1'],
  ['a window of a century', about('true').replace('1 min', '100 years'), 'line 4, column 62: a window may last ten years at most'],
  ['a window of moons', about('true').replace('1 min', '1 moon'), 'line 4, column 64: expected sec, min, hour, day, week, month or year'],
  ['an attribute that does not exist', about("colour == 'red'"), "line 2, column 18: 'colour' is not known here"],
  [
    'the map without map:get',
    about("propertiesMap == 'red'"),
    "line 2, column 18: propertiesMap is read by map:get(propertiesMap, '<name>')",
  ],
  [
    'a function that does not exist',
    about("str:upper(userId) == 'A'"),
    "line 2, column 18: there is no function 'str:upper' here; there are str:concat, map:get, cast, regex:find",
  ],
  [
    'a name of an entry that is worked out',
    about("map:get(propertiesMap, userId) == 'a'"),
    'line 2, column 41: expected the name of an entry in quotes',
  ],
  ['another map', about("map:get(userId, 'a') == 'a'"), 'line 2, column 26: expected propertiesMap'],
  ['an argument too few', about("cast(userId) == 'a'"), "line 2, column 18: expected cast(<value>, '<type>')"],
  [
    'a type that does not exist',
    about("cast(userId, 'text') == 'a'"),
    'line 2, column 31: expected one of the types string, bool, int, long, float, double',
  ],
  ['a pattern that could take for ever', about("regex:find('(?=a)', userId)"), /^line 2, column 29: expected a pattern that can be used: /],
  ['a pattern that is none', about("regex:find('(', userId)"), /^line 2, column 29: expected a pattern that can be used: /],
  ['a condition that is a text', about('userId'), 'line 2, column 18: expected true or false instead of a text'],
  ['a text among conditions', about("userId and apiName == 'a'"), 'line 2, column 18: expected true or false instead of a text'],
  ['a text that is ordered', about("userId > 'a'"), 'line 2, column 18: expected a number instead of a text'],
  ['a text that is added', about('userId + 1 == 2'), 'line 2, column 18: expected a number instead of a text'],
  ['a text compared with a number', about('userId == 5'), 'line 2, column 28: expected a text instead of a number'],
  [
    'an entry of the map that is compared as a number',
    about("map:get(propertiesMap,'ip') == 5"),
    "line 2, column 18: expected a number instead of an entry of the map; say which with cast(…, 'long')",
  ],
  [
    'not before a comparison without parentheses',
    about("not userId == 'a'"),
    'line 2, column 22: expected true or false instead of a text',
  ],
  ['no key', selecting('true AS isEligible'), 'line 3, column 1: expected a column AS throttleKey before this'],
  ['a key that is a number', selecting('true AS isEligible, 5 AS throttleKey'), 'line 2, column 28: expected a text instead of a number'],
  ['no condition', selecting('userId AS throttleKey'), 'line 3, column 1: expected a column AS isEligible before this'],
  [
    'a column without a name',
    selecting("true AS isEligible, userId AS throttleKey, str:concat('a')"),
    'line 2, column 51: expected AS and a name for this column',
  ],
  ['a column twice', selecting('userId, apiName AS userId'), "line 2, column 16: the column 'userId' is there twice"],
  [
    'a filter on what was not selected',
    about('true').replace('isEligible==true', "apiName=='a'"),
    "line 4, column 24: 'apiName' is not known here",
  ],
  [
    'a count of what was not selected',
    about('true').replace('count(userId)', 'count(apiName)'),
    "line 5, column 28: 'apiName' is not known here",
  ],
  [
    'another column in the second query',
    about('true').replace(', expiryTimeStamp', ', userId'),
    'line 5, column 58: expected throttleKey, expiryTimeStamp or a limit AS isThrottled',
  ],
  [
    'no limit',
    about('true').replace('(count(userId) >= 5) as isThrottled, ', ''),
    'line 5, column 37: expected a column AS isThrottled before this',
  ],
  [
    'no key in the second query',
    about('true').replace('SELECT throttleKey,', 'SELECT'),
    'line 5, column 61: expected a column throttleKey before this',
  ],
  [
    'another key in the second query',
    about('true').replace('SELECT throttleKey,', 'SELECT isEligible AS throttleKey,'),
    'line 5, column 8: expected throttleKey',
  ],
  [
    'a limit that is a constant',
    about('true').replace('count(userId) >= 5', 'true'),
    'line 5, column 22: expected count(…) or sum(…) to be compared with a number by >= or >',
  ],
  [
    'a limit from above',
    about('true').replace('>= 5', '<= 5'),
    'line 5, column 36: expected count(…) or sum(…) to be compared with a number by >= or >',
  ],
  ['a limit that is a text', about('true').replace('>= 5', ">= '5'"), `line 5, column 39: expected a number up to ${2 ** 48}`],
  [
    'a limit beyond all counting',
    about('true').replace('>= 5', '>= 999999999999999999'),
    `line 5, column 39: expected a number up to ${2 ** 48}`,
  ],
  [
    'an average',
    about('true').replace('count(userId)', 'avg(userId)'),
    'line 5, column 22: expected count(…) or sum(…) to be compared with a number by >= or >',
  ],
  [
    'a sum of texts',
    about('true').replace('count(userId)', 'sum(userId)'),
    "line 5, column 26: expected a number to add up; say which with cast(…, 'long')",
  ],
  [
    'a sum of what is not counted',
    about('true').replace('count(userId)', "sum(cast(map:get(propertiesMap,'x'),'long'))"),
    'line 5, column 26: expected one of messageSize, TOTAL_TOKENS, PROMPT_TOKENS, COMPLETION_TOKENS: nothing else can be added up',
  ],
  ['no grouping', about('true').replace(' group by throttleKey', ''), "line 6, column 1: expected GROUP instead of 'INSERT'"],
  [
    'grouping by something else',
    about('true').replace('group by throttleKey', 'group by userId'),
    "line 5, column 83: expected throttleKey instead of 'userId'",
  ],
])('refuses %s', (_, text, message) => {
  if (typeof message === 'string') expect(failure(text)).toBe(message);
  else expect(failure(text)).toMatch(message);
});

it.each([
  ['parentheses', about(`${'('.repeat(60)}true${')'.repeat(60)}`), 'a query may be nested 50 deep at most'],
  ['negations', about(`${'not '.repeat(3_000)}true`), 'a query may have 2000 words and signs at most'],
  ['text', about(`userId == '${'a'.repeat(30_000)}'`), 'a query may have 20000 characters at most'],
  [
    'columns of columns',
    `FROM RequestStream SELECT userId, (${"userId == 'a' or ".repeat(100)} true) AS isEligible, userId AS throttleKey INSERT INTO EligibilityStream; ${PER_MINUTE.replace('isEligible==true', `${'isEligible or '.repeat(100)}true`)}`,
    'an expression may have 1000 parts at most',
  ],
])('refuses %s without end', (_, text, reason) => {
  expect(failure(text)).toContain(reason);
});

describe('any expression', () => {
  const texts = fc.stringMatching(/^[ -&(-~]*$/);
  const fields = fc.constantFrom('userId', 'apiContext', 'appId', 'apiName');
  const names = fc.stringMatching(/^[a-z][a-z-]*$/);
  const { text, number, condition } = fc.letrec<{ text: RuleExpression; number: RuleExpression; condition: RuleExpression }>((tie) => ({
    text: fc.oneof(
      { maxDepth: 4 },
      texts.map((value) => ({ kind: 'literal', value })),
      fields.map((name) => ({ kind: 'field', name })),
      names.map((name) => ({ kind: 'cast', to: 'string', of: { kind: 'property', name } })),
      fc.array(tie('text'), { minLength: 1, maxLength: 3 }).map((parts) => ({ kind: 'concat', parts })),
    ) as fc.Arbitrary<RuleExpression>, // each of them is one
    number: fc.oneof(
      { maxDepth: 4 },
      fc.nat().map((value) => ({ kind: 'literal', value })),
      fc.bigInt({ min: 2n ** 60n, max: 2n ** 128n }).map((value) => ({ kind: 'large', digits: String(value) })),
      tie('text').map((of) => ({ kind: 'cast', to: 'integer', of })),
      tie('number').map((of) => ({ kind: 'negative', of })),
      fc
        .tuple(fc.constantFrom('+', '-', '*', '/', '%'), tie('number'), tie('number'))
        .map(([operator, left, right]) => ({ kind: 'calculate', operator, left, right })),
    ) as fc.Arbitrary<RuleExpression>,
    condition: fc.oneof(
      { maxDepth: 5 },
      fc.boolean().map((value) => ({ kind: 'literal', value })),
      tie('condition').map((of) => ({ kind: 'not', of })),
      tie('text').map((of) => ({ kind: 'missing', of })),
      tie('text').map((of) => ({ kind: 'find', pattern: '^a+b', in: of })),
      fc.tuple(fc.constantFrom('and', 'or'), tie('condition'), tie('condition')).map(([kind, left, right]) => ({ kind, left, right })),
      fc
        .tuple(fc.constantFrom('==', '!=', '<', '<=', '>', '>='), tie('number'), tie('number'))
        .map(([operator, left, right]) => ({ kind: 'compare', operator, left, right })),
      fc.tuple(tie('text'), tie('text')).map(([left, right]) => ({ kind: 'compare', operator: '==', left, right })),
    ) as fc.Arbitrary<RuleExpression>,
  }));

  it('is what its text says: printed and read again it is the same', () => {
    fc.assert(
      fc.property(condition, text, number, (isEligible, throttleKey, _) => {
        fc.pre(sizeOf(isEligible) < 900 && sizeOf(throttleKey) < 900);
        const columns = `userId, ${printed(isEligible)} AS isEligible, ${printed(throttleKey)} AS throttleKey`;
        const source = selecting(columns);
        fc.pre(source.length < 15_000);
        let compiled: ReturnType<typeof compileQuery>;
        try {
          compiled = compileQuery(source);
        } catch (err) {
          // A text may be too long for the limits; it is never misread.
          if (err instanceof QueryError && / at most$/.test(err.message)) return;
          throw err;
        }
        expect(compiled.isEligible).toEqual(equal(isEligible, literal(true)));
        expect(compiled.throttleKey).toEqual(throttleKey);
      }),
      { numRuns: 300 },
    );
  });
});

const CAST_NAMES = { string: 'string', integer: 'long', number: 'double', boolean: 'bool' } as const;

const partsOf = (tree: RuleExpression): readonly RuleExpression[] => {
  if ('parts' in tree) return tree.parts;
  if ('of' in tree) return [tree.of];
  if ('in' in tree) return [tree.in];
  return 'left' in tree ? [tree.left, tree.right] : [];
};

const sizeOf = (tree: RuleExpression): number => partsOf(tree).reduce((size, part) => size + sizeOf(part), 1);

const printed = (tree: RuleExpression): string => {
  switch (tree.kind) {
    case 'literal':
      return typeof tree.value === 'string' ? `'${tree.value}'` : String(tree.value);
    case 'large':
      return tree.digits;
    case 'field':
      return tree.name;
    case 'property':
      return `map:get(propertiesMap, '${tree.name}')`;
    case 'concat':
      return `str:concat(${tree.parts.map(printed).join(', ')})`;
    case 'cast':
      return `cast(${printed(tree.of)}, '${CAST_NAMES[tree.to]}')`;
    case 'find':
      return `regex:find('${tree.pattern}', ${printed(tree.in)})`;
    case 'missing':
      return `(${printed(tree.of)} is null)`;
    case 'not':
      return `not (${printed(tree.of)})`;
    case 'negative':
      return `-(${printed(tree.of)})`;
    case 'and':
    case 'or':
      return `(${printed(tree.left)} ${tree.kind} ${printed(tree.right)})`;
    default:
      return `(${printed(tree.left)} ${tree.operator} ${printed(tree.right)})`;
  }
};
