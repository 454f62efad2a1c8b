import { calculatorFiles, calculatorWsdl, calculatorWsdl20 } from './wsdl.fixture.js';
import { collected, type GivenFiles, read, references, rewrite } from './wsdl.worker.js';

const LOCATION = 'http://backend.example/calculator';
const GATEWAY = 'https://gateway.example:8243/calculator/1.0.0';

const one = (content: string | Uint8Array): GivenFiles => ({ files: new Map([['service.wsdl', Buffer.from(content)]]), isArchive: false });
const archive = (files: Readonly<Record<string, string>>): GivenFiles => ({
  files: new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)])),
  isArchive: true,
});

describe('read', () => {
  it.each([
    ['1.1', calculatorWsdl(LOCATION), ['CalculatorSoap', 'CalculatorSoap12']],
    ['2.0', calculatorWsdl20(LOCATION), ['CalculatorSoap']],
  ])('WSDL %s', (version, text, names) => {
    const info = read(one(text));

    expect(info).toEqual({ version, endpoints: names.map((name) => ({ name, location: LOCATION })) });
  });

  it('an archive, whatever else is in it', () => {
    const info = read(archive({ ...calculatorFiles(LOCATION), 'readme.txt': '<' }));

    expect(info).toMatchObject({ version: '1.1', endpoints: [{ location: LOCATION }, { location: LOCATION }] });
  });

  it.each([
    ['a byte order mark of UTF-16', Buffer.from(`\uFEFF${calculatorWsdl('http://b/ü').replace('UTF-8', 'UTF-16')}`, 'utf16le')],
    ['Latin 1', Buffer.from(calculatorWsdl('http://b/ü').replace('UTF-8', 'ISO-8859-1'), 'latin1')],
    ['UTF-8 without a word of it', Buffer.from(calculatorWsdl('http://b/ü').replace(/^<\?xml.*\n/, ''))],
  ])('a document in %s', (_, bytes) => expect(read(one(bytes))).toMatchObject({ endpoints: [{ location: 'http://b/ü' }, {}] }));

  it.each([
    ['another document', '<a/>', { reason: 'no-wsdl' }],
    ['a WSDL of another namespace', '<definitions xmlns="urn:other"/>', { reason: 'no-wsdl' }],
    ['no XML', 'hello', { reason: 'unusable' }],
    ['half a document', calculatorWsdl(LOCATION).slice(0, 500), { reason: 'unusable' }],
    [
      'an unknown encoding',
      '<?xml version="1.0" encoding="klingon"?><a/>',
      { reason: 'unusable', text: 'The encoding klingon is not known' },
    ],
    [
      'an external document type',
      `<!DOCTYPE a SYSTEM "http://evil.example/a.dtd">${calculatorWsdl(LOCATION).replace(/^<\?xml.*\n/, '')}`,
      { reason: 'unusable', text: 'A document type is not allowed' },
    ],
    [
      'an entity',
      `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>`,
      { reason: 'unusable', text: 'A document type is not allowed' },
    ],
    ['a thousand levels', '<a>'.repeat(1_000) + '</a>'.repeat(1_000), { reason: 'unusable', text: 'Max Depth [100] Reached' }],
  ])('not %s', (_, text, reason) => expect(read(one(text))).toMatchObject(reason));

  it('no archive without a WSDL', () => expect(read(archive({ 'a.xsd': '<a/>' }))).toEqual({ reason: 'empty-archive' }));

  it('no archive with a broken part, which it names', () =>
    expect(read(archive({ ...calculatorFiles(LOCATION), 'calculator/types/calculator.xsd': '<a>' }))).toMatchObject({
      reason: 'unusable',
      text: expect.stringContaining('calculator/types/calculator.xsd: '),
    }));
});

describe('rewrite', () => {
  it.each([
    ['1.1', calculatorWsdl(LOCATION), 2],
    ['2.0', calculatorWsdl20(LOCATION), 1],
  ])('puts the gateway in the place of the backend in WSDL %s, and leaves the rest', (_, text, count) => {
    const rewritten = rewrite({ ...one(text), address: GATEWAY });

    const written = 'documents' in rewritten ? rewritten.documents.get('service.wsdl') : undefined;
    expect(written).not.toContain(LOCATION);
    expect(written?.split(GATEWAY)).toHaveLength(count + 1);
    expect(written?.replaceAll(GATEWAY, LOCATION).trim()).toBe(text.trim());
  });

  it('escapes the address, and says UTF-8', () => {
    const text = Buffer.from(calculatorWsdl('http://b/ü').replace('UTF-8', 'ISO-8859-1'), 'latin1');

    const rewritten = rewrite({ ...one(text), address: 'https://g/a?b&c"d' });

    const written = 'documents' in rewritten ? rewritten.documents.get('service.wsdl') : undefined;
    expect(written).toContain('location="https://g/a?b&amp;c&quot;d"');
    expect(written).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?>/);
  });

  it('readdresses references of WS-Addressing, without who stood for them', () => {
    const reference =
      '<r:EndpointReference xmlns:r="http://www.w3.org/2005/08/addressing"><r:Address>http://backend.example/calculator</r:Address><Identity><Upn>me@backend.example</Upn></Identity></r:EndpointReference>';
    const text = calculatorWsdl(LOCATION).replace('</wsdl:port>', `${reference}</wsdl:port>`);

    const rewritten = rewrite({ ...one(text), address: GATEWAY });

    const written = 'documents' in rewritten ? rewritten.documents.get('service.wsdl') : undefined;
    expect(written).toContain(`<r:Address>${GATEWAY}</r:Address></r:EndpointReference>`);
    expect(written).not.toContain('backend.example');
  });

  it('of an archive the documents with addresses; the main one is the first with an endpoint', () => {
    const part = '<definitions xmlns="http://schemas.xmlsoap.org/wsdl/"/>';

    const rewritten = rewrite({ ...archive({ 'calculator/a.wsdl': part, ...calculatorFiles(LOCATION) }), address: GATEWAY });

    expect(rewritten).toMatchObject({ main: 'calculator/service.wsdl' });
    expect('documents' in rewritten && [...rewritten.documents.keys()]).toEqual(['calculator/a.wsdl', 'calculator/service.wsdl']);
  });
});

describe('a WSDL from the web', () => {
  const at = (path: string) => `http://backend.example${path}`;
  const importing = (location: string) =>
    calculatorWsdl(
      LOCATION,
      `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:import schemaLocation="${location}"/></xs:schema>`,
    );
  const schema = (include: string) => `<schema xmlns="http://www.w3.org/2001/XMLSchema"><include schemaLocation="${include}"/></schema>`;

  it.each([
    ['?xsd=1', [at('/calculator?xsd=1')]],
    ['../types.xsd#a', [at('/types.xsd')]],
    ['http://elsewhere.example/a.xsd', []],
    ['http://[', []],
    ['', []],
  ])('refers by "%s" to what its own server has', (location, addresses) =>
    expect(references({ address: at('/calculator?wsdl'), content: Buffer.from(importing(location)) })).toEqual(addresses));

  it('becomes an archive whose files refer to one another', () => {
    const files = collected(
      new Map([
        [at('/calculator?wsdl'), Buffer.from(importing('?xsd=1'))],
        [at('/calculator?xsd=1'), Buffer.from(schema('http://backend.example/calculator?xsd=1'))],
      ]),
    );

    expect(files).toEqual(
      new Map([
        ['service.wsdl', expect.stringContaining('schemaLocation="part1.xsd"')],
        ['part1.xsd', schema('part1.xsd')],
      ]),
    );
  });
});
