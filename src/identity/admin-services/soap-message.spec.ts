import { Parameters } from './parameters.js';
import { decoded, faultOf, payloadOf, responseOf, type SoapValue } from './soap-message.js';

const SOAP = 'http://schemas.xmlsoap.org/soap/envelope/';
const around = (payload: string, prefix = 'e'): string =>
  `<${prefix}:Envelope xmlns:${prefix}="${SOAP}"><${prefix}:Header><x/></${prefix}:Header><${prefix}:Body>${payload}</${prefix}:Body></${prefix}:Envelope>`;
const parametersOf = (children: string): Parameters => new Parameters(payloadOf(around(`<op xmlns="urn:x">${children}</op>`)));

describe('a message', () => {
  it.each([
    around('<a/>'),
    around('<n:a xmlns:n="urn:n"/><b/>', 'soapenv'),
    `<?xml version="1.0"?>\n${around('  <a/>')}\n`,
    `<Envelope xmlns="${SOAP}"><Body><!-- b --><a/></Body></Envelope>`,
  ])('names its operation by the first element of the body: %s', (text) => {
    expect(payloadOf(text).name.replace(/^.*:/, '')).toBe('a');
  });

  it.each([
    ['', /cannot be read/],
    [around(''), /body is empty/],
    [`<e:Envelope xmlns:e="${SOAP}"/>`, /body is empty/],
    ['<a/>', /no SOAP envelope/],
    ['<e:Envelope><e:Body><a/></e:Body></e:Envelope>', /SOAP 1\.1/],
    [around('<a/>').replace(SOAP, 'http://www.w3.org/2003/05/soap-envelope'), /SOAP 1\.1/],
    [`<!DOCTYPE a>${around('<a/>')}`, /document type/],
    [around('<a>&b;</a>'), /entity/],
    [around('<a>\u0001</a>'), /character/],
    [around('<a'.concat('></a>'.slice(0, 1))), /cannot be read/],
    [around('<a>'.repeat(30) + '</a>'.repeat(30)), /Depth/],
  ])('is refused: %s', (text, reason) => {
    expect(() => payloadOf(text)).toThrow(reason);
  });

  it('is text in the encoding that its content type names', () => {
    expect(decoded(Buffer.from('ä'), 'text/xml')).toBe('ä');
    expect(decoded(Buffer.from('ä', 'latin1'), 'text/xml; charset="ISO-8859-1"')).toBe('ä');
    expect(decoded(Buffer.from('\uFEFFä', 'utf16le'), 'text/xml;charset=UTF-16')).toBe('ä');
    expect(() => decoded(Buffer.from('ä', 'latin1'), 'text/xml')).toThrow(/not encoded in utf-8/);
    expect(() => decoded(Buffer.from('a'), 'text/xml; charset=klingon')).toThrow(/not encoded in klingon/);
  });
});

describe('parameters', () => {
  const xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';

  it('are found by name, in any namespace and order', () => {
    const parameters = parametersOf('<n:b xmlns:n="urn:n">2</n:b><a>1</a><n:b xmlns:n="urn:m">3</n:b>');

    expect(parameters.text('a')).toBe('1');
    expect(parameters.text('b')).toBe('2');
    expect(parameters.texts('b')).toEqual(['2', '3']);
    expect(parameters.texts('c')).toEqual([]);
  });

  it('are missing when they are nil', () => {
    const parameters = parametersOf(`<a xsi:nil="true" ${xsi}/><b xsi:nil="1" ${xsi}/><c xsi:nil="false" ${xsi}>x</c><d/>`);

    expect([parameters.text('a'), parameters.text('b'), parameters.text('c'), parameters.text('d')]).toEqual([
      undefined,
      undefined,
      'x',
      '',
    ]);
  });

  it('may be objects, and whole numbers', () => {
    const parameters = parametersOf('<o><n>1</n></o><o><n>-2</n></o><f>1.5</f><l>99999999999</l><w> 7 </w><e/>');

    expect(parameters.objects('o').map((one) => one.integer('n', 0))).toEqual([1, -2]);
    expect([parameters.integer('w', 0), parameters.integer('e', -1), parameters.integer('none', 5)]).toEqual([7, -1, 5]);
    expect(() => parameters.integer('f', 0)).toThrow(/whole number/);
    expect(() => parameters.integer('l', 0)).toThrow(/whole number/);
  });
});

it.each<[SoapValue, string]>([
  [true, '<ns:return>true</ns:return>'],
  [-1, '<ns:return>-1</ns:return>'],
  ['a<&>"\r\n', '<ns:return>a&lt;&amp;&gt;"&#13;\n</ns:return>'],
  ['\u0000\u0001\uFFFEx', '<ns:return>\uFFFD\uFFFD\uFFFDx</ns:return>'],
  [['a', 'b'], '<ns:return>a</ns:return><ns:return>b</ns:return>'],
  [[], '<ns:return xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/>'],
  [null, '<ns:return xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/>'],
  [
    { namespace: 'urn:a', fields: [['one', { namespace: 'urn:b', fields: [['two', 'x']] }]] },
    '<ns:return xmlns:ax1="urn:a"><ax1:one xmlns:ax2="urn:b"><ax2:two>x</ax2:two></ax1:one></ns:return>',
  ],
])('%j is answered as %s', (value, written) => {
  const text = responseOf('urn:s', 'op', value);

  expect(text).toContain(`<ns:opResponse xmlns:ns="urn:s">${written}</ns:opResponse>`);
  expect(payloadOf(text).name).toBe('ns:opResponse');
});

it('writes a fault, with a detail where the operation failed', () => {
  const detail = { namespace: 'urn:s', name: 'XException' };

  expect(faultOf({ code: '50978', text: 'No <b>' })).toContain(
    '<soapenv:Fault><faultcode>50978</faultcode><faultstring>No &lt;b&gt;</faultstring></soapenv:Fault>',
  );
  expect(faultOf({ code: 'soapenv:Server', text: 'x', detail })).toContain('<detail><ns:XException xmlns:ns="urn:s"/></detail>');
});
