import { headerOf } from '../../front/headers.js';
import type { Compiler, MediatorCompiler } from '../compiler.js';
import { compileEndpoint } from '../endpoint-forms.js';
import type { CallAnswer, FlowMessage } from '../flow-message.js';
import type { Expression, Outcome } from '../message.js';
import { MessagePayload } from '../payload.js';
import type { PolicyElement } from '../read-document.js';
import { textOf } from '../values.js';
import { xmlText } from '../xml-text.js';

type Body = { readonly bytes: Buffer; readonly contentType: string | null };

/** Asks an endpoint and goes on with its answer (`reference/mediation.md` §3.8). */
export const call: MediatorCompiler = (element, compiler) => {
  compiler.onlyChildren(element, 'endpoint', 'source', 'target');
  const child = (name: string) => element.children.find((other) => other.name === name);
  const endpoint = child('endpoint');
  const target = endpoint === undefined ? null : compileEndpoint(endpoint, compiler);
  const source = child('source');
  const bodyOf = source === undefined ? () => undefined : sourceOf(source, compiler);
  const destination = child('target');
  const keep = destination === undefined ? null : targetOf(destination, compiler);
  compiler.usesPayload = true;
  return async (message): Promise<Outcome> => {
    const answer = await message.call(target, bodyOf(message));
    if (keep === null) message.take(answer);
    else keep(message, answer);
    return 'continue';
  };
};

const sourceOf = (element: PolicyElement, compiler: Compiler): ((message: FlowMessage) => Body | undefined) => {
  const type = compiler.oneOf(element, 'type', ['custom', 'body', 'property', 'inline'], 'body');
  const contentType = element.attributes.get('contentType') ?? null;
  const text = element.text.trim();
  const body = (content: string, usual: string): Body => ({ bytes: Buffer.from(content), contentType: contentType ?? usual });
  switch (type) {
    case 'body':
      return (message) => (contentType === null ? undefined : { bytes: message.payload.write(contentType), contentType });
    case 'property':
      return (message) => body(textOf(message.get('default', text)), 'text/plain');
    case 'inline': {
      const markup = element.children.map(({ node }) => xmlText(node)).join('');
      const content = markup === '' ? compiler.inline(element) : () => markup;
      return (message) => body(content(message), markup === '' && /^[[{]/.test(text) ? 'application/json' : 'application/xml');
    }
    case 'custom': {
      const expression: Expression = compiler.expressionOf(element, text);
      return (message) => body(expression.text(message), 'text/plain');
    }
  }
};

const targetOf = (element: PolicyElement, compiler: Compiler): ((message: FlowMessage, answer: CallAnswer) => void) => {
  const type = compiler.oneOf(element, 'type', ['body', 'property', 'variable'], 'body');
  const name = element.text.trim();
  if (type !== 'body' && name === '') compiler.refuse(element, `a target of the type ${type} needs a name`);
  return (message, { status, headers, body }) => {
    const contentType = headerOf(headers, 'content-type');
    message.set('axis2', 'HTTP_SC', status);
    const answer = new MessagePayload(body, contentType);
    if (type !== 'body') message.set(type === 'property' ? 'default' : 'var', name, answer.text());
    else if (answer.form === 'json') message.payload.setJsonText(answer.text());
    else if (answer.form === 'xml') message.payload.setXml(answer.envelope().documentElement);
    else message.payload.setText(answer.text());
  };
};
