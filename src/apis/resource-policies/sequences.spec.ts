import { Problem } from '../../domain/problem.js';
import { checkSequence } from './sequence-content.js';
import { sequencePath, sequencesIn } from './sequence-files.js';

describe('the content of a sequence', () => {
  it.each([
    '<log/>',
    '<log/><property name="a" value="b"/>',
    '<s:log xmlns:s="urn:x">text</s:log>',
    '<!-- only words --><log/>',
  ])('may be %s', (content) => expect(() => checkSequence(content)).not.toThrow());

  it.each([
    '',
    '  ',
    '<log>',
    '<log/></root><root>',
    '<?xml version="1.0"?><log/>',
    '<!DOCTYPE a><log/>',
    'a\0b',
    `<a>${'x'.repeat(1_048_577)}</a>`,
  ])('is not %j', (content) => expect(() => checkSequence(content)).toThrow(Problem));
});

describe('the files of sequences', () => {
  it.each([
    ['checkPhoneNumber', 'SoapToRest/in/checkPhoneNumber_get.xml'],
    ['a/{b}_c', 'SoapToRest/in/a%2F%7Bb%7D_c_get.xml'],
  ])('%s is in %s', (resourcePath, path) => {
    const sequence = { sequenceType: 'in' as const, httpVerb: 'get', resourcePath, content: '<log/>' };

    expect(sequencePath(sequence)).toBe(path);
    expect(sequencesIn(new Map([[path, Buffer.from('<log/>')]]))).toEqual([sequence]);
  });

  it.each(['SoapToRest/readme.txt', 'SoapToRest/up/a_get.xml', 'in/a_get.xml', 'SoapToRest/in/a/b_get.xml'])('%s is none', (path) =>
    expect(sequencesIn(new Map([[path, Buffer.from('<log/>')]]))).toEqual([]));

  it('are taken once, whatever their letter case', () => {
    const files = new Map(
      ['SoapToRest/out/a_get.xml', 'SoapToRest/OUT/a_GET.xml'].map((path, index) => [path, Buffer.from(`<a${index}/>`)]),
    );

    expect(sequencesIn(files)).toEqual([{ sequenceType: 'out', httpVerb: 'get', resourcePath: 'a', content: '<a1/>' }]);
  });
});
