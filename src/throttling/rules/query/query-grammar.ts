import { EmbeddedActionsParser, type IParserErrorMessageProvider, type IToken, type TokenType, tokenLabel } from 'chevrotain';
import type { Calculation, Comparison } from '../../../domain/custom-rules.js';
import { placeOf } from './query-error.js';
import type { Column, Written, WrittenRule } from './query-tree.js';
import * as T from './tokens.js';

const shown = ({ image }: IToken): string => (image === '' ? 'the end' : `'${image.length > 30 ? `${image.slice(0, 30)}…` : image}'`);
const listed = (tokens: readonly TokenType[]): string => [...new Set(tokens.map((token) => tokenLabel(token)))].join(', ');
const firstOf = (paths: readonly (readonly TokenType[])[]): TokenType[] => paths.flatMap(([first]) => (first === undefined ? [] : [first]));

const MESSAGES: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected, actual }) => `expected ${tokenLabel(expected)} instead of ${shown(actual)}`,
  buildNotAllInputParsedMessage: ({ firstRedundant }) => `expected the end instead of ${shown(firstRedundant)}`,
  buildNoViableAltMessage: ({ expectedPathsPerAlt, actual: [actual], customUserDescription }) =>
    `expected ${customUserDescription || `one of ${listed(firstOf(expectedPathsPerAlt.flat()))}`} instead of ${actual ? shown(actual) : 'the end'}`,
  buildEarlyExitMessage: ({ expectedIterationPaths, actual: [actual] }) =>
    `expected ${listed(firstOf(expectedIterationPaths))} instead of ${actual ? shown(actual) : 'the end'}`,
};

const COMPARISON: ReadonlyMap<TokenType, Comparison> = new Map<TokenType, Comparison>([
  [T.Equal, '=='],
  [T.Unequal, '!='],
  [T.Less, '<'],
  [T.AtMost, '<='],
  [T.More, '>'],
  [T.AtLeast, '>='],
]);
const CALCULATION: ReadonlyMap<TokenType, Calculation> = new Map<TokenType, Calculation>([
  [T.Plus, '+'],
  [T.Minus, '-'],
  [T.Times, '*'],
  [T.Divide, '/'],
  [T.Modulo, '%'],
]);

/** The queries of a custom rule, from the first word to the last (`reference/throttling.md` §8). */
export class QueryGrammar extends EmbeddedActionsParser {
  constructor() {
    super(T.TOKENS, { errorMessageProvider: MESSAGES, maxLookahead: 2 });
    this.performSelfAnalysis();
  }

  readonly rule = this.RULE('rule', (): WrittenRule => {
    this.CONSUME(T.From);
    this.CONSUME(T.RequestStream);
    const eligibility = this.SUBRULE(this.selection);
    const eligibilityEnd = placeOf(this.CONSUME(T.Insert));
    this.SUBRULE(this.eventKind);
    this.CONSUME(T.Into);
    this.CONSUME(T.EligibilityStream);
    this.CONSUME(T.Semicolon);

    this.CONSUME2(T.From);
    this.CONSUME2(T.EligibilityStream);
    this.CONSUME(T.OpenFilter);
    const filter = this.SUBRULE(this.expression);
    this.CONSUME(T.CloseFilter);
    this.CONSUME(T.Hash);
    this.CONSUME(T.Throttler);
    this.CONSUME(T.Colon);
    this.CONSUME(T.TimeBatch);
    const window = this.SUBRULE(this.window);
    const result = this.SUBRULE2(this.selection);
    const resultEnd = placeOf(this.CONSUME(T.Group));
    this.CONSUME(T.By);
    this.CONSUME(T.ThrottleKey);
    this.CONSUME2(T.Insert);
    this.SUBRULE2(this.eventKind);
    this.CONSUME2(T.Into);
    this.CONSUME(T.ResultStream);
    this.OPTION(() => {
      this.CONSUME2(T.Semicolon);
      this.OPTION2(() => this.SUBRULE(this.announcement));
    });
    return { eligibility, eligibilityEnd, filter, window, result, resultEnd };
  });

  private readonly eventKind = this.RULE('eventKind', (): void => {
    this.OPTION(() => {
      this.OR([{ ALT: () => this.CONSUME(T.All) }, { ALT: () => this.CONSUME(T.Current) }]);
      this.CONSUME(T.Events);
    });
  });

  private readonly window = this.RULE('window', (): WrittenRule['window'] => {
    this.CONSUME(T.Open);
    const amount = this.CONSUME(T.NumberText);
    const unit = this.CONSUME(T.Name);
    this.OPTION(() => {
      this.CONSUME(T.Comma);
      this.CONSUME(T.WindowStart);
    });
    this.CONSUME(T.Close);
    return { at: placeOf(amount), amount: amount.image, unitAt: placeOf(unit), unit: unit.image };
  });

  /** What the product adds to every rule by itself; written out it says the same. */
  private readonly announcement = this.RULE('announcement', (): void => {
    this.CONSUME(T.From);
    this.CONSUME(T.ResultStream);
    this.CONSUME(T.Hash);
    this.CONSUME(T.Throttler);
    this.CONSUME(T.Colon);
    this.CONSUME(T.EmitOnStateChange);
    this.CONSUME(T.Open);
    this.CONSUME(T.ThrottleKey);
    this.CONSUME(T.Comma);
    this.CONSUME(T.IsThrottled);
    this.CONSUME(T.Close);
    this.CONSUME(T.Select);
    this.CONSUME(T.Times);
    this.CONSUME(T.Insert);
    this.SUBRULE(this.eventKind);
    this.CONSUME(T.Into);
    this.CONSUME(T.GlobalThrottleStream);
    this.OPTION(() => this.CONSUME(T.Semicolon));
  });

  private readonly selection = this.RULE('selection', (): readonly Column[] => {
    const columns: Column[] = [];
    this.CONSUME(T.Select);
    this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => columns.push(this.SUBRULE(this.column)) });
    return columns;
  });

  private readonly column = this.RULE('column', (): Column => {
    const value = this.SUBRULE(this.expression);
    const name = this.OPTION(() => {
      this.CONSUME(T.As);
      return this.CONSUME(T.Name).image;
    });
    return this.ACTION(() => ({ at: value.at, name: name ?? (value.kind === 'name' ? value.name : null), value }));
  });

  private readonly expression: () => Written = this.RULE('expression', (): Written => {
    let left = this.SUBRULE(this.conjunction);
    this.MANY(() => {
      this.CONSUME(T.Or);
      const right = this.SUBRULE2(this.conjunction);
      left = this.ACTION(() => ({ kind: 'or', at: left.at, left, right }));
    });
    return left;
  });

  private readonly conjunction = this.RULE('conjunction', (): Written => {
    let left = this.SUBRULE(this.equality);
    this.MANY(() => {
      this.CONSUME(T.And);
      const right = this.SUBRULE2(this.equality);
      left = this.ACTION(() => ({ kind: 'and', at: left.at, left, right }));
    });
    return left;
  });

  private readonly equality = this.RULE('equality', (): Written => {
    let left = this.SUBRULE(this.relation);
    this.MANY(() => {
      const operator = this.OR([{ ALT: () => this.CONSUME(T.Equal) }, { ALT: () => this.CONSUME(T.Unequal) }]);
      const right = this.SUBRULE2(this.relation);
      left = this.compared(operator, left, right);
    });
    return left;
  });

  private readonly relation = this.RULE('relation', (): Written => {
    let left = this.SUBRULE(this.sum);
    this.MANY(() => {
      const operator = this.OR([
        { ALT: () => this.CONSUME(T.AtMost) },
        { ALT: () => this.CONSUME(T.Less) },
        { ALT: () => this.CONSUME(T.AtLeast) },
        { ALT: () => this.CONSUME(T.More) },
      ]);
      const right = this.SUBRULE2(this.sum);
      left = this.compared(operator, left, right);
    });
    return left;
  });

  private readonly sum = this.RULE('sum', (): Written => {
    let left = this.SUBRULE(this.product);
    this.MANY(() => {
      const operator = this.OR([{ ALT: () => this.CONSUME(T.Plus) }, { ALT: () => this.CONSUME(T.Minus) }]);
      const right = this.SUBRULE2(this.product);
      left = this.calculated(operator, left, right);
    });
    return left;
  });

  private readonly product = this.RULE('product', (): Written => {
    let left = this.SUBRULE(this.signed);
    this.MANY(() => {
      const operator = this.OR([
        { ALT: () => this.CONSUME(T.Times) },
        { ALT: () => this.CONSUME(T.Divide) },
        { ALT: () => this.CONSUME(T.Modulo) },
      ]);
      const right = this.SUBRULE2(this.signed);
      left = this.calculated(operator, left, right);
    });
    return left;
  });

  /** `not` binds as tightly as a sign does: what it negates stands in parentheses unless it is one thing. */
  private readonly signed = this.RULE('signed', (): Written => {
    const signs: IToken[] = [];
    this.MANY(() => {
      signs.push(this.OR([{ ALT: () => this.CONSUME(T.Not) }, { ALT: () => this.CONSUME(T.Minus) }]));
    });
    const of = this.SUBRULE(this.operand);
    return this.ACTION(() =>
      signs.reduceRight<Written>(
        (inner, sign) => ({ kind: sign.tokenType === T.Not ? 'not' : 'negative', at: placeOf(sign), of: inner }),
        of,
      ),
    );
  });

  private readonly operand = this.RULE('operand', (): Written => {
    const of = this.OR({
      ERR_MSG: 'a name, a function, a number, a text in quotes, true, false or (',
      DEF: [
        { ALT: () => this.SUBRULE(this.parenthesis) },
        { ALT: () => this.SUBRULE(this.literal) },
        { ALT: () => this.SUBRULE(this.reference) },
      ],
    });
    const isMissing = this.OPTION(() => {
      this.CONSUME(T.Is);
      this.CONSUME(T.Null);
      return true;
    });
    return this.ACTION(() => (isMissing ? { kind: 'missing', at: of.at, of } : of));
  });

  private readonly parenthesis = this.RULE('parenthesis', (): Written => {
    this.CONSUME(T.Open);
    const inner = this.SUBRULE(this.expression);
    this.CONSUME(T.Close);
    return inner;
  });

  private readonly literal = this.RULE(
    'literal',
    (): Written =>
      this.OR([
        { ALT: () => literalOf(this.CONSUME(T.NumberText), numberOf) },
        { ALT: () => literalOf(this.CONSUME(T.Text), (image) => image.slice(1, -1)) },
        { ALT: () => literalOf(this.CONSUME(T.True), () => true) },
        { ALT: () => literalOf(this.CONSUME(T.False), () => false) },
      ]),
  );

  /** A name, or a call of the function of that name: `count(…)`, `map:get(…)`. */
  private readonly reference = this.RULE('reference', (): Written => {
    const first = this.CONSUME(T.Name);
    const second = this.OPTION(() => {
      this.CONSUME(T.Colon);
      return this.CONSUME2(T.Name).image;
    });
    const args = this.OPTION2(() => this.SUBRULE(this.given));
    return this.ACTION(() => {
      const name = second === undefined ? first.image : `${first.image}:${second}`;
      const at = placeOf(first);
      return args === undefined ? { kind: 'name', at, name } : { kind: 'call', at, name, args };
    });
  });

  private readonly given = this.RULE('given', (): readonly Written[] => {
    const args: Written[] = [];
    this.CONSUME(T.Open);
    this.MANY_SEP({ SEP: T.Comma, DEF: () => args.push(this.SUBRULE(this.expression)) });
    this.CONSUME(T.Close);
    return args;
  });

  private compared(operator: IToken, left: Written, right: Written): Written {
    return this.ACTION(() => ({
      kind: 'compare',
      at: placeOf(operator),
      operator: COMPARISON.get(operator.tokenType) ?? '==',
      left,
      right,
    }));
  }

  private calculated(operator: IToken, left: Written, right: Written): Written {
    return this.ACTION(() => ({
      kind: 'calculate',
      at: placeOf(operator),
      operator: CALCULATION.get(operator.tokenType) ?? '+',
      left,
      right,
    }));
  }
}

const literalOf = (token: IToken, read: (image: string) => string | number | bigint | boolean): Written => ({
  kind: 'literal',
  at: placeOf(token),
  value: read(token.image),
});

/** Whole numbers that a double does not hold stay whole: addresses of IPv6 are such. */
const numberOf = (image: string): number | bigint => {
  const digits = image.replace(/[lLfFdD]$/, '');
  const value = Number(digits);
  return /^\d+$/.test(digits) && !Number.isSafeInteger(value) ? BigInt(digits) : value;
};
