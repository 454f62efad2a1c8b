import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { MemoryImage } from './memory-image.js';
import { FUEL, GLOBAL, meteredWasm } from './metered-wasm.js';
import { PRELUDE, WARM_UP } from './prelude.js';

/** What one run of a script may take. */
export interface ScriptLimits {
  /** Milliseconds of the thread's time. */
  readonly cpuMs: number;
  readonly memoryBytesMax: number;
}

/** What a script asks of its host, as JSON, and what it is told. */
export type HostCall = (request: string) => string;

/** How a run ended. */
export type Completion =
  /** `isFalse`: its last value is the boolean. */
  | { readonly outcome: 'completed'; readonly isFalse: boolean }
  | { readonly outcome: 'thrown'; readonly error: string }
  | { readonly outcome: 'cut-off'; readonly limit: string };

/** An address in the interpreter's memory; 0 is none. */
type Pointer = number;

/** The functions of the interpreter's C side that are used here. */
interface Interpreter {
  callbacks: {
    callFunction(asyncify: undefined, context: Pointer, self: Pointer, count: number, values: Pointer, id: number): Pointer;
    freeHostRef(): void;
  };
  _malloc(bytes: number): Pointer;
  _free(at: Pointer): void;
  UTF8ToString(at: Pointer): string;
  stringToUTF8(text: string, at: Pointer, bytes: number): void;
  _QTS_NewRuntime(): Pointer;
  _QTS_NewContext(runtime: Pointer, intrinsics: number): Pointer;
  _QTS_RuntimeSetMemoryLimit(runtime: Pointer, bytes: number): void;
  _QTS_GetGlobalObject(context: Pointer): Pointer;
  _QTS_NewFunction(context: Pointer, name: Pointer, length: number, isConstructor: number, id: number): Pointer;
  _QTS_NewString(context: Pointer, text: Pointer): Pointer;
  _QTS_GetString(context: Pointer, value: Pointer): Pointer;
  _QTS_SetProp(context: Pointer, object: Pointer, name: Pointer, value: Pointer): void;
  _QTS_ArgvGetJSValueConstPointer(values: Pointer, index: number): Pointer;
  _QTS_Eval(context: Pointer, code: Pointer, length: number, name: Pointer, detectModule: number, flags: number): Pointer;
  _QTS_ResolveException(context: Pointer, value: Pointer): Pointer;
  _QTS_GetFalse(): Pointer;
  _QTS_IsEqual(context: Pointer, one: Pointer, other: Pointer, operation: number): number;
}

type Loader = (options: {
  readonly wasmMemory: WebAssembly.Memory;
  instantiateWasm(imports: WebAssembly.Imports, loaded: (instance: WebAssembly.Instance) => void): WebAssembly.Exports;
}) => Promise<Interpreter>;

const PAGE_BYTES = 65_536;
/** Code, data and stack of the interpreter, and what its allocator needs beyond what scripts are allowed. */
const OWN_PAGES = 256;
const MODULE = '@jitl/quickjs-wasmfile-release-sync';
/** Turns of loops between two looks at the clock: some tens of microseconds. */
const FUEL_SLICE = 20_000;

/** A thread that gets so little of the processor is not waited for. */
const WAIT_FACTOR_MAX = 20;

class CutOff extends Error {}

/**
 * Runs scripts one after another, each in a world of its own that no other run has touched: the memory of the interpreter is put back to what it was before
 * the first one. Nothing of a script is left, so nothing leaks, whatever it did and wherever it was stopped.
 */
export class Isolate {
  private readonly image: MemoryImage;
  private readonly context: Pointer;
  private host: HostCall = () => '{}';
  private readonly started = { wallMs: 0, cpuMs: 0, budgetMs: Number.POSITIVE_INFINITY };
  private readonly fuel: WebAssembly.Global;

  /** Compiles the interpreter, which takes some 0.1 s. */
  static async load(limits: ScriptLimits): Promise<Isolate> {
    const { resolve } = createRequire(import.meta.url);
    const { bytes, asks } = meteredWasm(readFileSync(resolve(`${MODULE}/wasm`)));
    const module = await WebAssembly.compile(bytes);
    const pages = OWN_PAGES + Math.ceil(limits.memoryBytesMax / PAGE_BYTES);
    const memory = new WebAssembly.Memory({ initial: OWN_PAGES, maximum: pages });
    const loader: { readonly default: unknown } = await import('@jitl/quickjs-wasmfile-release-sync/emscripten-module');
    // Its types describe another form of the module, and less of it than there is.
    const load = loader.default as Loader;
    let exports: WebAssembly.Exports = {};
    const check = { ask: (): void => undefined };
    const interpreter = await load({
      wasmMemory: memory,
      instantiateWasm: (imports, loaded) => {
        const named = { ...imports[asks.module] };
        const original = named[asks.name];
        named[asks.name] = () => {
          const fuel = exports[FUEL];
          if (fuel instanceof WebAssembly.Global && fuel.value <= 0) check.ask();
          else if (typeof original === 'function') original();
        };
        const instance = new WebAssembly.Instance(module, { ...imports, [asks.module]: named });
        exports = instance.exports;
        loaded(instance);
        return exports;
      },
    });
    return new Isolate(interpreter, memory, exports, check, limits);
  }

  private constructor(
    private readonly interpreter: Interpreter,
    private readonly memory: WebAssembly.Memory,
    exports: WebAssembly.Exports,
    check: { ask: () => void },
    private readonly limits: ScriptLimits,
  ) {
    const fuel = exports[FUEL];
    if (!(fuel instanceof WebAssembly.Global)) throw new Error('the interpreter cannot be stopped');
    this.fuel = fuel;
    check.ask = () => this.look();
    const runtime = interpreter._QTS_NewRuntime();
    interpreter._QTS_RuntimeSetMemoryLimit(runtime, limits.memoryBytesMax);
    this.context = interpreter._QTS_NewContext(runtime, 0);
    interpreter.callbacks = {
      callFunction: (_, context, _self, _count, values) => this.answer(context, values),
      freeHostRef: () => undefined,
    };
    const name = interpreter._QTS_NewString(this.context, this.text('host'));
    const host = interpreter._QTS_NewFunction(this.context, this.text('host'), 1, 0, 1);
    interpreter._QTS_SetProp(this.context, interpreter._QTS_GetGlobalObject(this.context), name, host);
    this.evaluated(PRELUDE);
    const globals = Object.entries(exports).filter(([key]) => key.startsWith(GLOBAL));
    this.image = new MemoryImage(
      memory,
      globals.map(([, value]) => value).filter((value) => value instanceof WebAssembly.Global),
    );
    // Code of the interpreter is compiled when it first runs: not at the cost of the first scripts.
    for (let turn = 0; turn < 3; turn += 1) this.run(WARM_UP, () => '{}', Number.POSITIVE_INFINITY);
  }

  /** Bytes that are copied before every run. */
  get imageBytes(): number {
    return this.image.length;
  }

  /** What the interpreter holds, bytes: it grows to its limit and no further. */
  get memoryBytes(): number {
    return this.memory.buffer.byteLength;
  }

  /** Never throws for what a script does. */
  run(source: string, host: HostCall, cpuMs = this.limits.cpuMs): Completion {
    this.host = host;
    Object.assign(this.started, { wallMs: performance.now(), cpuMs: threadMs(), budgetMs: cpuMs });
    try {
      return this.evaluated(source);
    } catch (err) {
      return { outcome: 'cut-off', limit: this.limitOf(err) };
    } finally {
      this.host = () => '{}';
      this.image.restore();
    }
  }

  private evaluated(source: string): Completion {
    const { interpreter, context, limits } = this;
    this.fuel.value = FUEL_SLICE;
    const bytes = Buffer.byteLength(source);
    const code = this.text(source, bytes);
    const value = interpreter._QTS_Eval(context, code, bytes, this.text('script'), 0, 0);
    const error = interpreter._QTS_ResolveException(context, value);
    if (error === 0)
      return { outcome: 'completed', isFalse: interpreter._QTS_IsEqual(context, value, interpreter._QTS_GetFalse(), 0) === 1 };
    const text = this.described(error);
    if (text === null || text.startsWith('InternalError: out of memory')) return { outcome: 'cut-off', limit: memoryLimit(limits) };
    if (text.startsWith('InternalError: stack overflow')) return { outcome: 'cut-off', limit: TOO_DEEP };
    return { outcome: 'thrown', error: text };
  }

  /** An error as a script may have made it, in text; null when there is no memory left for that. */
  private described(error: Pointer): string | null {
    const { interpreter, context } = this;
    const text = interpreter._QTS_GetString(context, error);
    return text === 0 ? null : interpreter.UTF8ToString(text);
  }

  private answer(context: Pointer, values: Pointer): Pointer {
    const { interpreter } = this;
    const asked = interpreter._QTS_GetString(context, interpreter._QTS_ArgvGetJSValueConstPointer(values, 0));
    const told = this.host(asked === 0 ? '' : interpreter.UTF8ToString(asked));
    const at = this.text(told);
    const value = interpreter._QTS_NewString(context, at);
    interpreter._free(at);
    return value;
  }

  /** Puts a text into the interpreter's memory. */
  private text(text: string, bytes = Buffer.byteLength(text)): number {
    if (bytes > this.limits.memoryBytesMax / 2) throw new CutOff(memoryLimit(this.limits));
    const at = this.interpreter._malloc(bytes + 1);
    if (at === 0) throw new CutOff(memoryLimit(this.limits));
    this.interpreter.stringToUTF8(text, at, bytes + 1);
    return at;
  }

  private look(): void {
    const { wallMs, cpuMs, budgetMs } = this.started;
    const passedMs = performance.now() - wallMs;
    // The clock of the thread may tick in steps of some milliseconds, but never has it worked longer than time has passed.
    const isOver = passedMs >= budgetMs && (threadMs() - cpuMs >= budgetMs || passedMs >= budgetMs * WAIT_FACTOR_MAX);
    if (isOver) throw new CutOff(`it took more than ${budgetMs} ms of CPU time`);
    this.fuel.value = FUEL_SLICE;
  }

  private limitOf(err: unknown): string {
    if (err instanceof CutOff) return err.message;
    if (typeof err === 'object' && err !== null && 'name' in err && err.name === 'RangeError') return TOO_DEEP;
    return 'it broke its interpreter';
  }
}

const TOO_DEEP = 'it calls itself too deeply';
const memoryLimit = ({ memoryBytesMax }: ScriptLimits): string => `it took more than ${memoryBytesMax} bytes of memory`;

/** What this thread has worked so far: time in which others had the processor does not count. */
const threadMs = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
};
