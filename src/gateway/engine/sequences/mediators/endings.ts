import type { MediatorCompiler } from '../compiler.js';
import { compileEndpoint } from '../endpoint-forms.js';

/** Mediators that end a flow (`reference/mediation.md` §2.3). */
export const respond: MediatorCompiler = (element, compiler) => {
  compiler.onlyChildren(element);
  compiler.usesPayload = true;
  return (message) => {
    message.ending = { kind: 'respond' };
    return 'stop';
  };
};

export const loopback: MediatorCompiler = (element, compiler) => {
  compiler.onlyChildren(element);
  compiler.usesPayload = true;
  return (message) => {
    message.ending = { kind: 'loopback' };
    return 'stop';
  };
};

export const drop: MediatorCompiler = (element, compiler) => {
  compiler.onlyChildren(element);
  return (message) => {
    message.ending = { kind: 'drop' };
    return 'stop';
  };
};

export const send: MediatorCompiler = (element, compiler) => {
  compiler.onlyChildren(element, 'endpoint');
  const [endpoint, second] = element.children;
  if (second !== undefined) compiler.refuse(second, 'send has one endpoint at most');
  const target = endpoint === undefined ? null : compileEndpoint(endpoint, compiler);
  compiler.usesPayload = true;
  compiler.sends = true;
  return (message) => {
    message.ending = { kind: 'send', target };
    return 'stop';
  };
};
