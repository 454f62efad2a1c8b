import type { MediatorCompiler } from '../compiler.js';

const OWN_CLASSES = /^(?:org\.apache\.(?:axis2|synapse)|org\.wso2\.carbon)\./;

/** Builds the payload now; which class would build it is the gateway's business (`reference/mediation.md` §3.9). */
export const builder: MediatorCompiler = (element, compiler) => {
  compiler.onlyChildren(element, 'messageBuilder');
  for (const child of element.children) {
    for (const name of ['class', 'formatterClass']) {
      const value = child.attributes.get(name);
      if (value !== undefined && !OWN_CLASSES.test(value)) compiler.refuse(child, `the class '${value}' is never supported`);
    }
  }
  compiler.usesPayload = true;
  return (message) => {
    message.payload.build();
    return 'continue';
  };
};
