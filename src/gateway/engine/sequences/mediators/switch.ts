import type { MediatorCompiler } from '../compiler.js';

/** Runs the first case whose pattern the whole source matches (`reference/mediation.md` §3.4). */
export const switchMediator: MediatorCompiler = (element, compiler) => {
  const source = compiler.expression(element, 'source');
  compiler.onlyChildren(element, 'case', 'default');
  const cases = element.children
    .filter(({ name }) => name === 'case')
    .map((child) => ({ pattern: compiler.pattern(child, compiler.attribute(child, 'regex')), steps: compiler.list(child.children) }));
  const otherwise = element.children.filter(({ name }) => name === 'default').map((child) => compiler.list(child.children))[0];
  return (message) => {
    const isThere = source.value(message) !== null;
    const text = isThere ? source.text(message) : '';
    const chosen = isThere ? cases.find(({ pattern }) => pattern.matches(text))?.steps : undefined;
    return (chosen ?? otherwise)?.(message) ?? 'continue';
  };
};
