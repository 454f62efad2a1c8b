import { checkAttachment, checkBackendSequence, checkPolicy } from './check-policy.js';

it.each([
  ['a placeholder in a value', '<property name="a" value="{{ text }}"/>'],
  ['one in a name of an attribute that has a default', '<log level="{{ level }}"/>'],
  ['a branch that is not taken by default', '{% if text %}<drop/>{% else %}<respond/>{% endif %}'],
])('accepts %s', (_, definition) => {
  expect(() => checkPolicy(definition, [{ name: 'text' }, { name: 'level', defaultValue: 'full' }])).not.toThrow();
});

it.each([
  ['in a branch that is not taken by default', '{% if text %}<drop/>{% else %}\n<xslt/>{% endif %}', 'this mediator is never supported'],
  ['in the template', '{% include "x" %}', 'include'],
  ['in the XML', '<log>', 'not well-formed'],
])('refuses a mistake %s', (_, definition, reason) => {
  expect(() => checkPolicy(definition, [{ name: 'text' }])).toThrow(reason);
});

it('checks the parameters of an attachment', () => {
  const definition = '<log level="{{ level }}"/>';

  expect(() => checkAttachment(definition, { level: 'full' })).not.toThrow();
  expect(() => checkAttachment(definition, { level: 'loud' })).toThrow("'loud' is no level");
});

it('lets a sequence in place of a backend begin with a declaration and hold braces', () => {
  expect(() => checkBackendSequence('<?xml version="1.0"?>\n<log level="custom"><property name="a" value="{{ b }}"/></log>')).not.toThrow();
  expect(() => checkBackendSequence('<nonsense/>')).toThrow('never supported');
});
