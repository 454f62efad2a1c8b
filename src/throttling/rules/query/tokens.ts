import { createToken, Lexer, type TokenType } from 'chevrotain';

/** Any name; the words that mean something in one place are names everywhere else. */
export const Name = createToken({ name: 'Name', label: 'a name', pattern: /[A-Za-z_]\w*/ });

/** A keyword, in any case. */
const keyword = (name: string, text: string): TokenType =>
  createToken({ name, label: text.toUpperCase(), pattern: new RegExp(text, 'i'), longer_alt: Name });

/** A name that the language gives a meaning, in exactly this spelling. */
const word = (text: string): TokenType =>
  createToken({ name: `Word_${text}`, label: text, pattern: new RegExp(text), longer_alt: Name, categories: [Name] });

const symbol = (name: string, text: string): TokenType => createToken({ name, label: text, pattern: text });

export const From = keyword('From', 'from');
export const Select = keyword('Select', 'select');
export const As = keyword('As', 'as');
export const Insert = keyword('Insert', 'insert');
export const Into = keyword('Into', 'into');
export const All = keyword('All', 'all');
export const Current = keyword('Current', 'current');
export const Events = keyword('Events', 'events');
export const Group = keyword('Group', 'group');
export const By = keyword('By', 'by');
export const And = keyword('And', 'and');
export const Or = keyword('Or', 'or');
export const Not = keyword('Not', 'not');
export const Is = keyword('Is', 'is');
export const Null = keyword('Null', 'null');
export const True = keyword('True', 'true');
export const False = keyword('False', 'false');

export const RequestStream = word('RequestStream');
export const EligibilityStream = word('EligibilityStream');
export const ResultStream = word('ResultStream');
export const GlobalThrottleStream = word('GlobalThrottleStream');
export const Throttler = word('throttler');
export const TimeBatch = word('timeBatch');
export const EmitOnStateChange = word('emitOnStateChange');
export const ThrottleKey = word('throttleKey');
export const IsThrottled = word('isThrottled');

export const NumberText = createToken({
  name: 'NumberText',
  label: 'a number',
  pattern: /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?:[lLfFdD](?!\w))?/,
});
/** Where windows begin: at the epoch, and nowhere else. */
export const WindowStart = createToken({ name: 'WindowStart', label: '0', pattern: /0/, longer_alt: NumberText, categories: [NumberText] });
/** Without escapes, as in Siddhi: what a text in single quotes cannot hold, one in double quotes can. */
export const Text = createToken({ name: 'Text', label: 'a text in quotes', pattern: /'[^'\r\n]*'|"[^"\r\n]*"/, line_breaks: false });

export const Equal = symbol('Equal', '==');
export const Unequal = symbol('Unequal', '!=');
export const AtMost = symbol('AtMost', '<=');
export const Less = symbol('Less', '<');
export const AtLeast = symbol('AtLeast', '>=');
export const More = symbol('More', '>');
export const Plus = symbol('Plus', '+');
export const Minus = symbol('Minus', '-');
export const Times = symbol('Times', '*');
export const Divide = symbol('Divide', '/');
export const Modulo = symbol('Modulo', '%');
export const Open = symbol('Open', '(');
export const Close = symbol('Close', ')');
export const OpenFilter = symbol('OpenFilter', '[');
export const CloseFilter = symbol('CloseFilter', ']');
export const Hash = symbol('Hash', '#');
export const Colon = symbol('Colon', ':');
export const Comma = symbol('Comma', ',');
export const Semicolon = symbol('Semicolon', ';');
/** Of other windows than ours (`#window.time`): read, so that it is the window that is refused. */
const Dot = symbol('Dot', '.');

/** Line breaks that somebody has written out as `\n` are what the contract's own example has. */
const Space = createToken({ name: 'Space', pattern: /(?:\s|\\[nrt])+/, group: Lexer.SKIPPED, line_breaks: true });
const LineComment = createToken({ name: 'LineComment', pattern: /\/\/[^\r\n]*/, group: Lexer.SKIPPED });
const BlockComment = createToken({
  name: 'BlockComment',
  pattern: /\/\*[^*]*\*+(?:[^/*][^*]*\*+)*\//,
  group: Lexer.SKIPPED,
  line_breaks: true,
});

/** In the order in which they are tried: `isThrottled` before `is`. */
export const TOKENS: TokenType[] = [
  Space,
  LineComment,
  BlockComment,
  RequestStream,
  EligibilityStream,
  ResultStream,
  GlobalThrottleStream,
  Throttler,
  TimeBatch,
  EmitOnStateChange,
  ThrottleKey,
  IsThrottled,
  From,
  Select,
  As,
  Insert,
  Into,
  All,
  Current,
  Events,
  Group,
  By,
  And,
  Or,
  Not,
  Is,
  Null,
  True,
  False,
  Name,
  WindowStart,
  NumberText,
  Text,
  Equal,
  Unequal,
  AtMost,
  Less,
  AtLeast,
  More,
  Plus,
  Minus,
  Times,
  Divide,
  Modulo,
  Open,
  Close,
  OpenFilter,
  CloseFilter,
  Hash,
  Colon,
  Comma,
  Semicolon,
  Dot,
];
