import { isUnreadable, readDocuments } from './read-wsdl.js';
import { restDefinition } from './rest-definition.js';
import { Untranslatable } from './rest-model.js';
import { restSequences } from './rest-sequences.js';
import { soapService } from './soap-operations.js';
import { calculatorFiles, calculatorWsdl, calculatorWsdl20 } from './wsdl.fixture.js';

const serviceOf = (files: Readonly<Record<string, string>>) => {
  const documents = readDocuments(new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)])), true);
  if (isUnreadable(documents)) throw new Error(documents.reason);
  return soapService(documents);
};
const NAMESPACE = 'urn:calculator';
const inSchema = (content: string, attributes = 'elementFormDefault="qualified"') =>
  `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:c="${NAMESPACE}" targetNamespace="${NAMESPACE}" ${attributes}>${content}</xs:schema>`;
const parts = (content: string, more = '') =>
  inSchema(
    `<xs:element name="Add"><xs:complexType>${content}</xs:complexType></xs:element><xs:element name="AddResponse" type="xs:int"/>${more}`,
  );
const typesOf = (schema: string) => serviceOf({ 'a.wsdl': calculatorWsdl('http://b/', schema) }).types;
const FIELD = { namespace: NAMESPACE, isMany: false, isRequired: true, isNillable: false, isAttribute: false };
const INTEGER = { simple: { type: 'integer' } };
const STRING = { simple: { type: 'string' } };

describe('soapService', () => {
  it.each([
    ['WSDL 1.1, whose service for SOAP 1.1 is preferred', { 'a.wsdl': calculatorWsdl('http://b/') }, '1.1', 'Adds numbers.'],
    ['WSDL 2.0', { 'a.wsdl': calculatorWsdl20('http://b/') }, '1.2', ''],
    ['an archive', calculatorFiles('http://b/'), '1.1', 'Adds numbers.'],
  ])('knows the operations of %s', (_, files, soapVersion, description) => {
    const { operations, types } = serviceOf(files);

    const root = { namespace: NAMESPACE };
    expect(operations).toEqual([
      {
        name: 'Add',
        path: '/add',
        description,
        action: 'urn:calculator/Add',
        soapVersion,
        request: { ...root, name: 'Add', type: { complex: 'Add' } },
        response: { ...root, name: 'AddResponse', type: { complex: 'AddResponse' } },
      },
    ]);
    expect([...types.keys()].sort()).toEqual(['Add', 'AddResponse', 'Note']);
  });

  it('knows those of the style rpc: an element named after the operation, with one for each part', () => {
    const text = calculatorWsdl('http://b/')
      .replaceAll('style="document"', 'style="rpc"')
      .replaceAll('use="literal"', 'use="literal" namespace="urn:rpc"')
      .replace(
        '<wsdl:part name="parameters" element="tns:Add"/>',
        '<wsdl:part name="a" type="xs:int" xmlns:xs="http://www.w3.org/2001/XMLSchema"/>',
      );

    const { operations, types } = serviceOf({ 'a.wsdl': text });

    expect(operations[0]).toMatchObject({
      request: { namespace: 'urn:rpc', name: 'Add', type: { complex: 'Add' } },
      response: { namespace: 'urn:rpc', name: 'AddResponse', type: { complex: 'AddResponse2' } },
    });
    expect(types.get('Add')).toEqual({ fields: [{ ...FIELD, namespace: '', name: 'a', type: INTEGER, isRequired: false }] });
  });

  it('gives operations whose names differ in their first letter alone, or hold what no path holds, places of their own', () => {
    const operation = (name: string) => `<wsdl:operation name="${name}"/>`;
    const text = calculatorWsdl('http://b/').replaceAll(
      '<wsdl:operation name="Add">',
      `${['add', 'add2', 'a/{b}'].map(operation).join('')}$&`,
    );

    const { operations } = serviceOf({ 'a.wsdl': text });

    expect(operations.map(({ name, path }) => [name, path])).toEqual([
      ['add', '/add'],
      ['add2', '/add2'],
      ['a/{b}', '/a__b_'],
      ['Add', '/add3'],
    ]);
  });

  it('knows no operation without a SOAP binding', () => {
    const text = calculatorWsdl('http://b/').replaceAll('http://schemas.xmlsoap.org/wsdl/soap', 'urn:other');

    expect(() => serviceOf({ 'a.wsdl': text })).toThrow(Untranslatable);
  });

  it('refuses messages with more parts than anybody fills in', () => {
    const many = Array.from({ length: 50_001 }, (_, index) => `<xs:element name="e${index}" type="xs:int"/>`).join('');

    expect(() => typesOf(parts(`<xs:sequence>${many}</xs:sequence>`))).toThrow('Its messages have more than 50000 parts.');
  });
});

describe('types', () => {
  it.each([
    ['a sequence', '<xs:sequence><xs:element name="a" type="xs:int"/></xs:sequence>', [{ ...FIELD, name: 'a', type: INTEGER }]],
    [
      'a sequence that repeats',
      '<xs:sequence maxOccurs="2" minOccurs="0"><xs:element name="a" type="xs:int"/></xs:sequence>',
      [{ ...FIELD, name: 'a', type: INTEGER, isMany: true, isRequired: false }],
    ],
    [
      'a choice',
      '<xs:choice><xs:element name="a" type="xs:int"/><xs:element name="b" nillable="true" type="xs:string"/></xs:choice>',
      [
        { ...FIELD, name: 'a', type: INTEGER, isRequired: false },
        { ...FIELD, name: 'b', type: STRING, isRequired: false, isNillable: true },
      ],
    ],
    [
      'an unqualified element, and one without a type',
      '<xs:all><xs:element name="a" form="unqualified"/></xs:all>',
      [{ ...FIELD, name: 'a', namespace: '', type: 'any' }],
    ],
    [
      'an element from elsewhere',
      '<xs:sequence><xs:element ref="c:AddResponse"/></xs:sequence>',
      [{ ...FIELD, name: 'AddResponse', type: INTEGER }],
    ],
    [
      'a group and attributes',
      '<xs:group ref="c:G" minOccurs="0"/><xs:attribute name="id" type="xs:int" use="required"/><xs:attributeGroup ref="c:AG"/>',
      [
        { ...FIELD, name: 'g', type: { simple: { type: 'string', enum: ['x', 'y'] } }, isRequired: false },
        { ...FIELD, name: 'id', namespace: '', type: INTEGER, isAttribute: true },
        { ...FIELD, name: 'lang', namespace: '', type: STRING, isRequired: false, isAttribute: true },
      ],
    ],
    [
      'an extension',
      '<xs:complexContent><xs:extension base="c:Base"><xs:sequence><xs:element name="b" type="xs:date"/></xs:sequence></xs:extension></xs:complexContent>',
      [
        { ...FIELD, name: 'a', type: INTEGER },
        { ...FIELD, name: 'b', type: { simple: { type: 'string', format: 'date' } } },
      ],
    ],
    [
      'what is not there',
      '<xs:group ref="c:none"/><xs:sequence><xs:element ref="c:none"/></xs:sequence>',
      [{ ...FIELD, name: 'none', type: 'any' }],
    ],
  ])('of %s', (_, content, fields) => {
    const more = `<xs:group name="G"><xs:sequence><xs:element name="g"><xs:simpleType><xs:restriction base="xs:string"><xs:enumeration value="x"/><xs:enumeration value="y"/></xs:restriction></xs:simpleType></xs:element></xs:sequence></xs:group>
      <xs:attributeGroup name="AG"><xs:attribute name="lang" type="xs:string"/></xs:attributeGroup>
      <xs:complexType name="Base"><xs:sequence><xs:element name="a" type="xs:int"/></xs:sequence></xs:complexType>`;

    expect(typesOf(parts(content, more)).get('Add')).toEqual({ fields });
  });

  it('of text with attributes', () => {
    const content =
      '<xs:simpleContent><xs:extension base="xs:decimal"><xs:attribute name="unit" type="xs:string"/></xs:extension></xs:simpleContent>';

    expect(typesOf(parts(content)).get('Add')).toMatchObject({ text: { type: 'number' }, fields: [{ name: 'unit', isAttribute: true }] });
  });

  it('that hold themselves, extend themselves or are groups of themselves come to an end', () => {
    const more = `<xs:complexType name="T"><xs:sequence><xs:element name="t" type="c:T"/><xs:element name="u" type="c:U"/></xs:sequence></xs:complexType>
      <xs:complexType name="U"><xs:complexContent><xs:extension base="c:U"/></xs:complexContent></xs:complexType>
      <xs:group name="G"><xs:sequence><xs:group ref="c:G"/></xs:sequence></xs:group>`;

    const types = typesOf(parts('<xs:sequence><xs:element name="t" type="c:T"/><xs:group ref="c:G"/></xs:sequence>', more));

    expect(types.get('T')).toMatchObject({
      fields: [
        { name: 't', type: { complex: 'T' } },
        { name: 'u', type: { complex: 'U' } },
      ],
    });
  });

  it('of a schema without a namespace take that of whoever includes it', () => {
    const included = '<schema xmlns="http://www.w3.org/2001/XMLSchema"><complexType name="T"/></schema>';
    const schema = parts('<xs:sequence><xs:element name="t" type="c:T"/></xs:sequence>');

    const { types } = serviceOf({ 'a.wsdl': calculatorWsdl('http://b/', schema), 'b.xsd': included });

    expect(types.get('Add')).toMatchObject({ fields: [{ type: { complex: 'T' } }] });
  });
});

describe('the REST face', () => {
  it('of a type that holds itself has a definition that does too', () => {
    const more = '<xs:complexType name="T"><xs:sequence><xs:element name="t" type="c:T" minOccurs="0"/></xs:sequence></xs:complexType>';
    const { operations, types } = serviceOf({
      'a.wsdl': calculatorWsdl('http://b/', parts('<xs:sequence><xs:element name="t" type="c:T"/></xs:sequence>', more)),
    });

    const { components } = JSON.parse(restDefinition('Tree', '1', operations, types));

    expect(components.schemas.T).toEqual({ type: 'object', properties: { t: { $ref: '#/components/schemas/T' } } });
  });

  it('carries the nearest types where there are more than a translation is to carry', () => {
    const chain = Array.from({ length: 600 }, (_, index) => {
      const next = `<xs:element name="next${index}" type="c:T${index + 1}"/>`;
      return `<xs:complexType name="T${index}"><xs:sequence>${next}</xs:sequence></xs:complexType>`;
    }).join('');
    const { operations, types } = serviceOf({
      'a.wsdl': calculatorWsdl('http://b/', parts('<xs:sequence><xs:element name="t" type="c:T0"/></xs:sequence>', chain)),
    });

    const [{ content = '' } = {}] = restSequences(operations, types);

    const message = JSON.parse(/name="soap.message" value='([^']*)'/.exec(content)?.[1] ?? '');
    expect(message.types).toMatchObject({ Add: [{ type: 'T0' }], T0: [{ type: 'T1' }] });
    expect(message.types).not.toHaveProperty('T599');
    expect(types.get('T599')).toMatchObject({ fields: [{ name: 'next599', type: 'any' }] });
    expect(content.length).toBeLessThan(30_000);
  });

  it('has no translations that are too many to keep', () => {
    const { operations, types } = serviceOf({ 'a.wsdl': calculatorWsdl('http://b/') });
    const many = Array.from({ length: 10_000 }, () => operations).flat();

    expect(() => restSequences(many, types)).toThrow('Its operations are too many to be translated one by one.');
  });
});
