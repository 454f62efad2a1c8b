import { Script as Syntax } from 'node:vm';
import { DefinitionError, MediationError, type Mediator, type Message, type Outcome } from '../sequences/message.js';
import { Isolate, type ScriptLimits } from './isolate.js';
import { MessageHost } from './message-host.js';

/** Characters of a script. It is read anew for every run, at some 0.14 µs a character: the longest takes half of its time for that. */
export const SCRIPT_LENGTH_MAX = 16_384;

/** A script that somebody wrote, ready to run over messages. */
export interface Script {
  /**
   * Whether the flow goes on: not after a script whose last value is `false`. A promise only while the interpreter is loaded, once in a worker.
   * @throws MediationError for what the script throws and for a limit that it reaches.
   */
  run(message: Message, parameters?: Readonly<Record<string, unknown>>): Outcome | Promise<Outcome>;
}

/** Where the script is in what was uploaded. */
export interface ScriptPlace {
  /** The element it is the text of; null where it stands by itself. */
  readonly element?: string;
  /** The line on which it begins, from 1. */
  readonly line?: number;
}

/** Refuses a script that cannot run. Reads it only, with the parser of this process, and needs no interpreter. @throws DefinitionError. */
export const checkScript = (source: string, { element, line = 1 }: ScriptPlace = {}): void => {
  const refused = (reason: string, at: number) => new DefinitionError(`${reason} (line ${at})`, element ?? null, at);
  if (source.length > SCRIPT_LENGTH_MAX) throw refused(`a script may have ${SCRIPT_LENGTH_MAX} characters`, line);
  try {
    new Syntax(source, { filename: 'script', lineOffset: line - 1 });
  } catch (err) {
    const { name, message, stack } = mistakeOf(err);
    throw refused(`${name}: ${message}`, Number(/^script:(\d+)/.exec(stack)?.[1] ?? line));
  }
};

/** A mistake comes with its place in front of its stack; too many brackets in one another are a mistake too. */
const mistakeOf = (err: unknown): { readonly name: string; readonly message: string; readonly stack: string } => {
  if (typeof err !== 'object' || err === null || !('name' in err) || !('message' in err) || !('stack' in err)) throw err;
  return { name: String(err.name), message: String(err.message), stack: String(err.stack) };
};

/** The interpreter of one worker; loaded when the first script is linked. */
export class Scripts {
  private loading: Promise<Isolate> | undefined;
  private isolate: Isolate | undefined;

  constructor(private readonly limits: ScriptLimits) {}

  /** @throws DefinitionError as {@link checkScript}. */
  compile(source: string, place: ScriptPlace = {}): Script {
    checkScript(source, place);
    const loaded = this.load();
    // Whoever runs a script is told.
    loaded.catch(() => undefined);
    return {
      run: (message, parameters = {}) =>
        this.isolate === undefined
          ? this.load().then((isolate) => outcomeOf(isolate, source, message, parameters))
          : outcomeOf(this.isolate, source, message, parameters),
    };
  }

  private load(): Promise<Isolate> {
    this.loading ??= Isolate.load(this.limits).then((isolate) => {
      this.isolate = isolate;
      return isolate;
    });
    return this.loading;
  }
}

/**
 * A policy written in JavaScript, for any flow: the script sees the message as `mc`, the attachment's parameters as `parameters`, and its direction by
 * `mc.isResponse()`.
 */
export const javascriptPolicy = (scripts: Scripts, source: string, parameters: Readonly<Record<string, unknown>>): Mediator => {
  const script = scripts.compile(source);
  return (message) => script.run(message, parameters);
};

const outcomeOf = (isolate: Isolate, source: string, message: Message, parameters: Readonly<Record<string, unknown>>): Outcome => {
  const host = new MessageHost(message, parameters);
  const completion = isolate.run(source, host.call);
  if (completion.outcome === 'completed') return completion.isFalse ? 'stop' : 'continue';
  if (completion.outcome === 'cut-off') throw new MediationError('0', `The script was stopped: ${completion.limit}`);
  const cause = host.failureOf(completion.error.replace(/^Error: /, ''));
  if (cause instanceof MediationError) throw cause;
  throw new MediationError('0', `The script failed: ${completion.error.split('\n', 1)[0]}`, { cause });
};
