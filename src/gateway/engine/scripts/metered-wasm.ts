/**
 * Rewrites a WebAssembly module so that its host can stop it wherever it is. The start of every loop takes one from a counter; at zero the module asks
 * its host, which gives more or throws. An interpreter polls its own interrupt handler between instructions of a script only: a regular expression that
 * backtracks, a sort or a product of big integers would run to its end. All globals that change are exported too, so that with its memory the whole state
 * of the module can be kept and put back.
 */
export interface MeteredWasm {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The import that is called when the counter is at zero: one that is of the type `() -> ()`. */
  readonly asks: { readonly module: string; readonly name: string };
}

/** Export of the counter, an i32. */
export const FUEL = 'fuel';
/** What the exports of globals begin with. */
export const GLOBAL = 'global:';

const SECTION = { type: 1, import: 2, global: 6, export: 7, code: 10 };
const I32 = 0x7f;

/** @throws Error for what no compiler of C puts into a module: threads, vectors, exceptions. */
export const meteredWasm = (wasm: Uint8Array): MeteredWasm => {
  const sections = sectionsOf(wasm);
  const contents = (id: number): Reader => {
    const section = sections.find((each) => each.id === id);
    if (section === undefined) throw new Error(`the module has no section ${id}`);
    return new Reader(section.content);
  };
  const imports = readImports(contents(SECTION.import), plainTypes(contents(SECTION.type)));
  const { content: globals, changing, fuel } = withFuel(contents(SECTION.global), imports.globals);
  const exported = [[FUEL, fuel] as const, ...changing.map((index) => [`${GLOBAL}${index}`, index] as const)];
  const replaced = new Map([
    [SECTION.global, globals],
    [SECTION.export, withExports(contents(SECTION.export), exported)],
    [SECTION.code, withChecks(contents(SECTION.code), fuel, imports.asks.index)],
  ]);
  const written = sections.map(({ id, content }) => section(id, replaced.get(id) ?? content));
  return { bytes: joined([wasm.subarray(0, 8), ...written]), asks: imports.asks };
};

const sectionsOf = (wasm: Uint8Array): readonly { readonly id: number; readonly content: Uint8Array }[] => {
  const reader = new Reader(wasm);
  reader.skip(8);
  const sections = [];
  while (!reader.isAtEnd) {
    const id = reader.byte();
    sections.push({ id, content: reader.bytes(reader.u32()) });
  }
  return sections;
};

/** Indices of the function types without parameters and results. */
const plainTypes = (reader: Reader): ReadonlySet<number> => {
  const plain = new Set<number>();
  const count = reader.u32();
  for (let index = 0; index < count; index += 1) {
    if (reader.byte() !== 0x60) throw new Error('a type that is no function');
    const parameters = reader.bytes(reader.u32()).length;
    const results = reader.bytes(reader.u32()).length;
    if (parameters === 0 && results === 0) plain.add(index);
  }
  return plain;
};

const readImports = (reader: Reader, plain: ReadonlySet<number>) => {
  let functions = 0;
  let globals = 0;
  let asks: (MeteredWasm['asks'] & { readonly index: number }) | undefined;
  for (let left = reader.u32(); left > 0; left -= 1) {
    const module = reader.name();
    const name = reader.name();
    const kind = reader.byte();
    if (kind === 0) {
      if (plain.has(reader.u32())) asks ??= { module, name, index: functions };
      functions += 1;
    } else if (kind === 3) {
      reader.skip(2);
      globals += 1;
    } else {
      if (kind === 1) reader.byte();
      const hasMaximum = (reader.byte() & 1) === 1;
      reader.u32();
      if (hasMaximum) reader.u32();
    }
  }
  if (asks === undefined) throw new Error('the module imports no function that could be asked');
  return { globals, asks };
};

const withFuel = (reader: Reader, imported: number) => {
  const count = reader.u32();
  const start = reader.at;
  const changing: number[] = [];
  for (let index = 0; index < count; index += 1) {
    reader.byte();
    if (reader.byte() === 1) changing.push(imported + index);
    while (instruction(reader) !== 0x0b);
  }
  const added = [I32, 1, 0x41, 0, 0x0b];
  return { content: joined([u32(count + 1), reader.from(start), added]), changing, fuel: imported + count };
};

const withExports = (reader: Reader, globals: readonly (readonly [name: string, index: number])[]): Uint8Array => {
  const count = reader.u32();
  const added = globals.map(([name, index]) => {
    const bytes = new TextEncoder().encode(name);
    return joined([u32(bytes.length), bytes, [3], u32(index)]);
  });
  return joined([u32(count + globals.length), reader.from(reader.at), ...added]);
};

const withChecks = (reader: Reader, fuel: number, asks: number): Uint8Array => {
  const global = u32(fuel);
  // fuel -= 1; if (fuel === 0) ask();
  const check = joined([[0x23], global, [0x41, 0x7f, 0x6a, 0x24], global, [0x23], global, [0x45, 0x04, 0x40, 0x10], u32(asks), [0x0b]]);
  const count = reader.u32();
  const bodies: Uint8Array[] = [u32(count)];
  for (let left = count; left > 0; left -= 1) {
    const body = new Reader(reader.bytes(reader.u32()));
    for (let groups = body.u32(); groups > 0; groups -= 1) {
      body.u32();
      body.byte();
    }
    const parts: Uint8Array[] = [];
    let copied = 0;
    while (!body.isAtEnd) {
      if (instruction(body) !== 0x03) continue;
      parts.push(body.between(copied, body.at), check);
      copied = body.at;
    }
    const written = joined([...parts, body.from(copied)]);
    bodies.push(u32(written.length), written);
  }
  return joined(bodies);
};

/** Goes past one instruction; its opcode. */
const instruction = (reader: Reader): number => {
  const opcode = reader.byte();
  if (opcode === 0xfc) prefixed(reader);
  else if (opcode >= 0x28 && opcode <= 0x3e) reader.skipNumbers(2);
  else if (opcode === 0x0e || opcode === 0x1c) {
    const labels = reader.u32();
    reader.skipNumbers(opcode === 0x0e ? labels + 1 : labels);
  } else if (opcode === 0x43) reader.skip(4);
  else if (opcode === 0x44) reader.skip(8);
  else if (TWO_NUMBERS.has(opcode)) reader.skipNumbers(2);
  else if (ONE_NUMBER.has(opcode) || (opcode >= 0x20 && opcode <= 0x26)) reader.skipNumbers(1);
  else if (!NOTHING.has(opcode) && (opcode < 0x45 || opcode > 0xc4)) throw new Error(`an instruction that is not known: ${opcode}`);
  return opcode;
};

/** unreachable, nop, else, end, return, drop, select, ref.is_null. */
const NOTHING = new Set([0x00, 0x01, 0x05, 0x0b, 0x0f, 0x1a, 0x1b, 0xd1]);
/** block, loop, if, br, br_if, call, return_call, memory.size, memory.grow, i32.const, i64.const, ref.null, ref.func. */
const ONE_NUMBER = new Set([0x02, 0x03, 0x04, 0x0c, 0x0d, 0x10, 0x12, 0x3f, 0x40, 0x41, 0x42, 0xd0, 0xd2]);
/** call_indirect, return_call_indirect. */
const TWO_NUMBERS = new Set([0x11, 0x13]);

const prefixed = (reader: Reader): void => {
  const opcode = reader.u32();
  if (opcode > 17) throw new Error(`an instruction that is not known: 252 ${opcode}`);
  // Conversions; memory.init, memory.copy, table.init, table.copy; the others of memories and tables.
  if (opcode >= 8) reader.skipNumbers([8, 10, 12, 14].includes(opcode) ? 2 : 1);
};

class Reader {
  at = 0;

  constructor(private readonly source: Uint8Array) {}

  get isAtEnd(): boolean {
    return this.at >= this.source.length;
  }

  byte(): number {
    const byte = this.source[this.at];
    if (byte === undefined) throw new Error('the module ends too early');
    this.at += 1;
    return byte;
  }

  bytes(length: number): Uint8Array {
    this.at += length;
    return this.source.subarray(this.at - length, this.at);
  }

  between(start: number, end: number): Uint8Array {
    return this.source.subarray(start, end);
  }

  from(start: number): Uint8Array {
    return this.source.subarray(start);
  }

  skip(length: number): void {
    this.at += length;
  }

  u32(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  }

  name(): string {
    return new TextDecoder().decode(this.bytes(this.u32()));
  }

  /** Numbers of any width and sign. */
  skipNumbers(count: number): void {
    for (let left = count; left > 0; left -= 1) while (this.byte() >= 0x80);
  }
}

const u32 = (value: number): Uint8Array => {
  const bytes: number[] = [];
  let left = value;
  do {
    bytes.push((left & 0x7f) | (left > 0x7f ? 0x80 : 0));
    left >>>= 7;
  } while (left > 0);
  return Uint8Array.from(bytes);
};

const section = (id: number, content: Uint8Array): Uint8Array => joined([[id], u32(content.length), content]);

const joined = (parts: readonly (Uint8Array | readonly number[])[]): Uint8Array<ArrayBuffer> => {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};
