import { readSequence, sequenceTypeOf } from './sequence.js';

const file = (text: string | Buffer, originalname = 'backend.xml') => ({ originalname, buffer: Buffer.from(text) });

it.each([
  ['mediators side by side', '<log level="full"/>\n<respond/>'],
  ['one sequence', '<sequence xmlns="http://ws.apache.org/ns/synapse" name="x"><respond/></sequence>'],
  ['a prolog', '\uFEFF<?xml version="1.0" encoding="UTF-8"?>\n<respond/>'],
  ['braces, which are no template here', '<log category="{{x}}"/>'],
])('takes %s', (_, text) => expect(readSequence(file(text), 'PRODUCTION')).toBe(text.replace('\uFEFF', '')));

it.each([
  ['an element that is not closed', '<log>'],
  ['a closing tag too many', '<log/></root><root>'],
  ['nothing', ''],
  ['text alone', 'respond'],
  ['a document type', '<!DOCTYPE x [<!ENTITY y "z">]><respond/>'],
  ['an entity', '<x><!ENTITY y "z"></x>'],
  ['a zero byte', '<log category="\0"/>'],
])('refuses %s', (_, text) =>
  expect(() => readSequence(file(text), 'SANDBOX')).toThrow(
    expect.objectContaining({ status: 400, description: 'Provided sequence content for sandbox is not a valid XML file' }),
  ));

it('refuses a file of another name, and bytes that are no text', () => {
  expect(() => readSequence(file('<respond/>', 'backend.txt'), 'PRODUCTION')).toThrow();
  expect(() => readSequence(file(Buffer.from([0x3c, 0xff, 0xfe])), 'PRODUCTION')).toThrow();
});

it('knows two types, in any letter case', () => {
  expect(sequenceTypeOf('sandbox')).toBe('SANDBOX');
  expect(() => sequenceTypeOf('other')).toThrow();
  expect(() => sequenceTypeOf(undefined)).toThrow();
});
