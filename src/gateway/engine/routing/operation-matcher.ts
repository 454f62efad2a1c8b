import { matchesSegment, parseTemplate, type Segment } from './template.js';

/** What the matcher needs of an operation. */
export interface Matchable {
  readonly method: string;
  readonly target: string;
}

interface Leaf<T> {
  readonly operation: T;
  readonly query: readonly string[];
}

interface Branch<T> {
  readonly segment: Segment;
  readonly length: number;
  readonly node: Node<T>;
}

const NONE: readonly never[] = [];

/** What a node has not takes no memory, and its lists are made by `concat`, which leaves no room to grow: a large gateway has millions of nodes. */
class Node<T> {
  literals: Map<string, Node<T>> | null = null;
  patterns: readonly Branch<T>[] = NONE;
  /** Operations that end here. */
  leaves: readonly Leaf<T>[] = NONE;
  /** Operations on everything from here down. */
  wildcards: readonly Leaf<T>[] = NONE;
}

const literalLength = (segment: Segment): number =>
  segment.kind === 'mixed' ? segment.pieces.reduce((sum, piece) => sum + piece.length, 1) : segment.kind === 'variable' ? 1 : 0;

const accepts = (query: readonly string[], search: string): boolean =>
  query.every((name) => search.startsWith(`${name}=`) || search.includes(`&${name}=`));

const leafFor = <T>(leaves: readonly Leaf<T>[], search: string): T | undefined => {
  for (const leaf of leaves) if (leaf.query.length === 0 || accepts(leaf.query, search)) return leaf.operation;
  return undefined;
};

/**
 * How a literal segment is compared: as its decoded text, so that `/%40me` is `/@me` and not a value of `/{id}` with other rules. An encoded slash
 * stays encoded.
 */
const comparable = (text: string): string => {
  if (text.indexOf('%') < 0) return text;
  try {
    return decodeURIComponent(text.replace(/%2f/gi, '%252F'));
  } catch {
    return text; // no UTF-8: compared as sent
  }
};

/** The operations of one verb: exact paths in a map, templates in a tree by segments, wildcards at the tree's nodes. */
class VerbMatcher<T extends Matchable> {
  private readonly exact = new Map<string, T>();
  private readonly root = new Node<T>();
  private hasTemplates = false;

  add(operation: T): void {
    const template = parseTemplate(operation.target);
    if (!template.wildcard && template.query.length === 0 && template.segments.every((segment) => segment.kind === 'literal')) {
      const path = `/${template.segments.map((segment) => (segment.kind === 'literal' ? comparable(segment.text) : '')).join('/')}`;
      if (!this.exact.has(path)) this.exact.set(path, operation);
      return;
    }
    this.hasTemplates = true;
    let node = this.root;
    for (const segment of template.segments) node = child(node, segment);
    const leaf = { operation, query: template.query };
    if (template.wildcard) node.wildcards = node.wildcards.concat(leaf);
    else node.leaves = node.leaves.concat(leaf);
  }

  find(path: string, search: string): T | undefined {
    const exact = this.exact.get(comparable(path));
    if (exact !== undefined || !this.hasTemplates) return exact;
    const values = path === '/' ? [] : path.slice(1).split('/');
    return this.template(this.root, values, 0, search) ?? this.wildcard(this.root, values, 0, search);
  }

  /** Depth first, literals before patterns: the first segment that tells two templates apart decides. Every node is visited once at most. */
  private template(node: Node<T>, values: readonly string[], at: number, search: string): T | undefined {
    const value = values[at];
    if (value === undefined) return leafFor(node.leaves, search);
    const literal = node.literals?.get(comparable(value));
    const found = literal && this.template(literal, values, at + 1, search);
    if (found !== undefined) return found;
    for (const { segment, node: next } of node.patterns) {
      if (!matchesSegment(segment, value)) continue;
      const below = segment.kind === 'rest' ? leafFor(next.leaves, search) : this.template(next, values, at + 1, search);
      if (below !== undefined) return below;
    }
    return undefined;
  }

  /** The deepest wildcard above the path. */
  private wildcard(node: Node<T>, values: readonly string[], at: number, search: string): T | undefined {
    const value = values[at];
    if (value !== undefined) {
      const literal = node.literals?.get(comparable(value));
      const found = literal && this.wildcard(literal, values, at + 1, search);
      if (found !== undefined) return found;
      for (const { segment, node: next } of node.patterns) {
        const below = matchesSegment(segment, value) ? this.wildcard(next, values, at + 1, search) : undefined;
        if (below !== undefined) return below;
      }
    }
    return leafFor(node.wildcards, search);
  }
}

const child = <T>(node: Node<T>, segment: Segment): Node<T> => {
  if (segment.kind === 'literal') {
    const text = comparable(segment.text);
    node.literals ??= new Map();
    const known = node.literals.get(text) ?? new Node<T>();
    node.literals.set(text, known);
    return known;
  }
  const same = node.patterns.find((pattern) => JSON.stringify(pattern.segment) === JSON.stringify(segment));
  if (same) return same.node;
  const made = { segment, length: literalLength(segment), node: new Node<T>() };
  node.patterns = node.patterns.concat(made).sort((a, b) => b.length - a.length);
  return made.node;
};

/**
 * Finds the operation of an API that a request addresses: the verb filters first, then exact path, template, wildcard, and `/*` last
 * (`reference/gateway.md` §4). Throws an `Error` for a target that is no template.
 */
export class OperationMatcher<T extends Matchable> {
  private readonly verbs = new Map<string, VerbMatcher<T>>();

  constructor(operations: readonly T[]) {
    this.addAll(operations);
  }

  addAll(operations: readonly T[]): void {
    for (const operation of operations) {
      const verb = this.verbs.get(operation.method) ?? new VerbMatcher<T>();
      this.verbs.set(operation.method, verb);
      verb.add(operation);
    }
  }

  /** `path` starts with a slash and, but for `/` itself, ends without one; `search` is the query without its question mark. */
  find(method: string, path: string, search: string): T | undefined {
    return this.verbs.get(method)?.find(path, search);
  }

  /** Any operation at the path, whatever its verb: tells 405 from 404. */
  findAny(path: string, search: string): T | undefined {
    for (const verb of this.verbs.values()) {
      const found = verb.find(path, search);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}
