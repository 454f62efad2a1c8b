import { StartError } from './config-error.js';

type Tree = { [key: string]: unknown };

const REFERENCE = /\$(env|ref|secret|sys)\{([^}]+)\}/g;

const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);

const at = (tree: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((node, key) => (isTree(node) && Object.hasOwn(node, key) ? node[key] : undefined), tree);

/**
 * Replaces `$env{VAR}`, `$ref{other.key}` and `$secret{alias}` in every text of the tree (`reference/operations.md` §1).
 * A secret comes from `[secrets] alias`, whose plain form is written in square brackets, or from the environment variable of that name.
 */
export const resolveReferences = (tree: Tree, environment: NodeJS.ProcessEnv): Tree => {
  const value = (kind: string, name: string, path: string, trail: readonly string[]): string => {
    if (trail.includes(name)) throw new StartError(`${path}: $${kind}{${name}} refers to itself`);
    const raw =
      kind === 'env' || kind === 'sys'
        ? environment[name]
        : kind === 'ref'
          ? at(tree, name)
          : (at(tree, `secrets.${name}`) ?? environment[name]);
    if (raw === undefined)
      throw new StartError(
        `${path}: $${kind}{${name}} has no value; set ${kind === 'ref' ? `the key ${name}` : kind === 'secret' ? `[secrets] ${name}` : `the environment variable ${name}`}`,
      );
    const text = String(raw);
    return resolve(kind === 'secret' ? text.replace(/^\[(.*)\]$/s, '$1') : text, path, [...trail, name]);
  };
  const resolve = (text: string, path: string, trail: readonly string[] = []): string =>
    text.replace(REFERENCE, (_, kind: string, name: string) => value(kind, name, path, trail));
  const walk = (node: unknown, path: string): unknown => {
    if (typeof node === 'string') return resolve(node, path);
    if (Array.isArray(node)) return node.map((item, index) => walk(item, `${path}[${index}]`));
    if (isTree(node))
      return Object.fromEntries(Object.entries(node).map(([key, item]) => [key, walk(item, path ? `${path}.${key}` : key)]));
    return node;
  };
  const { secrets: _, ...rest } = tree;
  return walk(rest, '') as Tree; // walk keeps the shape of a table
};
