import xpath from 'xpath';

/** A value while an expression is evaluated. */
export interface XValue {
  stringValue(): string;
  numberValue(): number;
  booleanValue(): boolean;
  evaluate(context: Context): XValue;
}

export interface NodeSet extends XValue {
  readonly nodes: readonly Node[];
  addArray(nodes: readonly Node[]): void;
  first: () => Node | null;
  toArray: () => readonly Node[];
}

/** What an evaluation hands down; whatever is put into it reaches every node of the expression. */
export interface Context {
  expressionContextNode: Node | null;
  [name: string]: unknown;
}

/** A node of a parsed expression; which members it has depends on what it is. */
export interface Syntax {
  evaluate(context: Context): XValue;
  readonly filter?: Syntax;
  readonly filterPredicates?: readonly Syntax[];
  readonly locationPath?: { readonly absolute: boolean; readonly steps: readonly StepSyntax[] };
  readonly lhs?: Syntax;
  readonly rhs?: Syntax;
  readonly variable?: string;
  functionName?: string;
  readonly arguments?: readonly Syntax[];
  readonly str?: string;
}

export interface StepSyntax {
  nodeTest: { matches(node: Node, context: Context): boolean; readonly prefix?: string | null };
  readonly predicates: readonly Syntax[];
}

/** The parts of the package that its own types leave out. */
interface Library {
  readonly XPathParser: new () => { parse(text: string): { readonly expression: Syntax; evaluate(context: Context): XValue } };
  readonly XPathContext: new (variables: null, namespaces: { getNamespace(prefix: string): string | null }, functions: null) => Context;
  readonly XString: new (value: string) => XValue & { readonly str: string };
  readonly XNumber: new (value: number) => XValue & { readonly num: number };
  readonly XBoolean: new (value: boolean) => XValue & { readonly b: boolean };
  readonly XNodeSet: new () => NodeSet;
}

// The package exports its parser and its values, but declares only the functions for the quick use.
export const { XPathParser, XPathContext, XString, XNumber, XBoolean, XNodeSet } = xpath as unknown as Library;
