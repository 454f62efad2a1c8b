import type { Compiler, MediatorCompiler } from '../compiler.js';
import { inOrder, type Step } from '../flow-message.js';
import type { Message } from '../message.js';
import type { PolicyElement } from '../read-document.js';
import { sequenceByKey } from './sequence.js';

/** Runs one of two branches (`reference/mediation.md` §3.4). */
export const filter: MediatorCompiler = (element, compiler) => {
  const holds = conditionOf(element, compiler);
  const { children } = element;
  const then = children.find(({ name }) => name === 'then');
  const otherwise = children.find(({ name }) => name === 'else');
  if (then === undefined) {
    if (otherwise !== undefined) compiler.refuse(otherwise, 'else needs a then');
    const steps = compiler.list(children);
    return (message) => (holds(message) ? steps(message) : 'continue');
  }
  compiler.onlyChildren(element, 'then', 'else');
  const first = branch(then, compiler);
  const second = otherwise === undefined ? inOrder([]) : branch(otherwise, compiler);
  return (message) => (holds(message) ? first : second)(message);
};

const conditionOf = (element: PolicyElement, compiler: Compiler): ((message: Message) => boolean) => {
  const has = (name: string) => (element.attributes.get(name) ?? '').trim() !== '';
  if (has('xpath')) {
    const expression = compiler.expression(element, 'xpath');
    return (message) => expression.test(message);
  }
  if (!has('source') || !has('regex')) compiler.refuse(element, 'it needs an xpath, or a source and a regex');
  const source = compiler.expression(element, 'source');
  const pattern = compiler.pattern(element, compiler.attribute(element, 'regex'));
  return (message) => source.value(message) !== null && pattern.matches(source.text(message));
};

const branch = (element: PolicyElement, compiler: Compiler): Step => {
  const key = element.attributes.get('sequence');
  return key === undefined ? compiler.list(element.children) : sequenceByKey(element, key, compiler);
};
