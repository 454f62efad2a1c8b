import { SEALED_TEXT } from '../crypto/sealed-text.js';
import { StartError } from './config-error.js';

type Tree = { [key: string]: unknown };

const SEALED = new RegExp(`^(?:${SEALED_TEXT})$`);
const REFERENCE = /\$(env|ref|secret|sys)\{([^}]+)\}/g;

const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);

const at = (tree: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((node, key) => (isTree(node) && Object.hasOwn(node, key) ? node[key] : undefined), tree);

/**
 * Replaces `$env{VAR}`, `$ref{other.key}` and `$secret{alias}` in every text of the tree (`reference/operations.md` §1).
 * A secret comes from `[secrets] alias`, or from the environment variable of that name: in square brackets as it is, or encrypted by `gatehouse secrets encrypt`.
 * `sections` names the tables that are wanted; all of them when left out.
 */
export const resolveReferences = (
  tree: Tree,
  environment: NodeJS.ProcessEnv,
  open: (sealed: string) => string,
  sections?: readonly string[],
): Tree => {
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
    if (kind === 'secret' && SEALED.test(text)) return opened(text, name, path);
    return resolve(kind === 'secret' ? text.replace(/^\[(.*)\]$/s, '$1') : text, path, [...trail, name]);
  };
  // A decrypted value is a value: what looks like a reference in it is none.
  const opened = (text: string, name: string, path: string): string => {
    try {
      return open(text);
    } catch (err) {
      if (err instanceof StartError) throw err;
      throw new StartError(
        `${path}: $secret{${name}} cannot be decrypted with encryption.key; encrypt the value anew with gatehouse secrets encrypt`,
      );
    }
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
  const wanted = Object.entries(tree).filter(([key]) => key !== 'secrets' && (sections?.includes(key) ?? true));
  return walk(Object.fromEntries(wanted), '') as Tree; // walk keeps the shape of a table
};
