import type { MediatorCompiler } from '../compiler.js';

/** `<in>`: its children run on the way to the backend only. */
export const inMediator: MediatorCompiler = (element, compiler) => {
  const steps = compiler.list(element.children);
  return (message) => (message.isResponse ? 'continue' : steps(message));
};

/** `<out>`: its children run on the way back only. */
export const out: MediatorCompiler = (element, compiler) => {
  const steps = compiler.list(element.children);
  return (message) => (message.isResponse ? steps(message) : 'continue');
};
