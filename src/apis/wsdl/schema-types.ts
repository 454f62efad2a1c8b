import { XML_SCHEMA } from './namespaces.js';
import { type ComplexType, type ComplexTypes, type Field, type SimpleSchema, Untranslatable, type ValueType } from './rest-model.js';
import { UnusedNames } from './unused-names.js';
import { attributeOf, childrenOf, keyOf, type QName, referenceOf } from './wsdl-xml.js';

/** Parts of all types together; one beyond it describes no interface that people call. */
const FIELDS_MAX = 50_000;
/** Groups, extensions and restrictions in one another. */
const DEPTH_MAX = 50;

const SIMPLE: Readonly<Record<string, SimpleSchema>> = {
  boolean: { type: 'boolean' },
  ...Object.fromEntries(['float', 'double', 'decimal'].map((name) => [name, { type: 'number' }])),
  ...Object.fromEntries(
    [
      ...['integer', 'long', 'int', 'short', 'byte', 'nonNegativeInteger', 'positiveInteger', 'nonPositiveInteger', 'negativeInteger'],
      ...['unsignedLong', 'unsignedInt', 'unsignedShort', 'unsignedByte'],
    ].map((name) => [name, { type: 'integer' }]),
  ),
  date: { type: 'string', format: 'date' },
  dateTime: { type: 'string', format: 'date-time' },
  base64Binary: { type: 'string', format: 'byte' },
};
const TEXT: SimpleSchema = { type: 'string' };

/** What may be referred to by name. */
const KINDS = ['element', 'complexType', 'simpleType', 'group', 'attribute', 'attributeGroup'] as const;
type Kind = (typeof KINDS)[number];

/** A definition with the schema it stands in. */
interface Placed {
  readonly node: Element;
  readonly schema: Element;
}

/** How often what stands within a group may come. */
interface Occurrence {
  readonly isMany: boolean;
  readonly isRequired: boolean;
}

const NOTHING: ComplexType = { fields: [] };
const ONCE: Occurrence = { isMany: false, isRequired: true };

/** The types that the schemas of a WSDL define, as far as messages use them. */
export class SchemaTypes {
  private readonly placed = new Map<Kind, Map<string, Placed>>(KINDS.map((kind) => [kind, new Map()]));
  private readonly known = new Map<Element, string>();
  private readonly complex = new Map<string, ComplexType>();
  /** Named, and not yet read: types refer to one another in chains longer than the stack bears. */
  private readonly waiting = new Map<string, Placed>();
  private readonly names = new UnusedNames();
  private fields = 0;

  constructor(schemas: readonly Element[]) {
    for (const schema of schemas) {
      const namespace = attributeOf(schema, 'targetNamespace') ?? '';
      for (const node of childrenOf(schema, XML_SCHEMA)) {
        const kind = KINDS.find((one) => one === node.localName);
        const name = attributeOf(node, 'name');
        if (kind !== undefined && name !== undefined) this.placed.get(kind)?.set(keyOf({ namespace, name }), { node, schema });
      }
    }
  }

  /** All types that were asked for, and those that these use. */
  get types(): ComplexTypes {
    return this.complex;
  }

  /** What a global element holds. */
  ofElement(name: QName): ValueType {
    const found = this.find('element', name);
    return found === undefined ? 'any' : this.settled(this.valueOf(found, name.name, 0));
  }

  /** What a named type stands for. */
  ofType(name: QName): ValueType {
    return this.settled(this.typeNamed(name, name.name, 0));
  }

  /** Adds a type that no schema has: the parts of a message of the style rpc. */
  add(wanted: string, fields: readonly Field[]): ValueType {
    const key = this.unusedKey(wanted);
    this.complex.set(key, { fields });
    return { complex: key };
  }

  /** A schema without a namespace takes that of whoever includes it. */
  private find(kind: Kind, name: QName): Placed | undefined {
    const all = this.placed.get(kind);
    return all?.get(keyOf(name)) ?? all?.get(keyOf({ ...name, namespace: '' }));
  }

  private valueOf({ node, schema }: Placed, wanted: string, depth: number): ValueType {
    const named = referenceOf(node, 'type');
    if (named !== undefined) return this.typeNamed(named, wanted, depth);
    const [complex] = childrenOf(node, XML_SCHEMA, 'complexType');
    if (complex !== undefined) return this.complexOf({ node: complex, schema }, wanted);
    const [simple] = childrenOf(node, XML_SCHEMA, 'simpleType');
    return simple === undefined ? 'any' : { simple: this.simpleOf(simple, depth) };
  }

  private typeNamed(name: QName, wanted: string, depth: number): ValueType {
    if (name.namespace === XML_SCHEMA) return name.name === 'anyType' ? 'any' : { simple: SIMPLE[name.name] ?? TEXT };
    const complex = this.find('complexType', name);
    if (complex !== undefined) return this.complexOf(complex, attributeOf(complex.node, 'name') ?? wanted);
    const simple = this.find('simpleType', name);
    return simple === undefined ? 'any' : { simple: this.simpleOf(simple.node, depth) };
  }

  private simpleOf(node: Element, depth: number): SimpleSchema {
    const [restriction] = childrenOf(node, XML_SCHEMA, 'restriction');
    if (restriction === undefined || depth > DEPTH_MAX) return TEXT;
    const base = referenceOf(restriction, 'base');
    const value = base === undefined ? undefined : this.typeNamed(base, '', depth + 1);
    const schema = typeof value === 'object' && 'simple' in value ? value.simple : TEXT;
    const allowed = childrenOf(restriction, XML_SCHEMA, 'enumeration').map((each) => attributeOf(each, 'value') ?? '');
    return allowed.length > 0 && schema['type'] === 'string' ? { type: 'string', enum: [...new Set(allowed)] } : schema;
  }

  private complexOf({ node, schema }: Placed, wanted: string): ValueType {
    const known = this.known.get(node);
    if (known !== undefined) return { complex: known };
    const key = this.unusedKey(wanted);
    this.known.set(node, key);
    this.complex.set(key, NOTHING);
    this.waiting.set(key, { node, schema });
    return { complex: key };
  }

  /** The value, when all types that it uses are read. */
  private settled(value: ValueType): ValueType {
    for (const key of this.waiting.keys()) this.read(key, 0);
    return value;
  }

  /** One that is just being read, by a type that is derived from itself, has nothing yet. */
  private read(key: string, depth: number): ComplexType {
    const placed = this.waiting.get(key);
    this.waiting.delete(key);
    if (placed !== undefined) this.complex.set(key, this.partsOf(placed, depth));
    return this.complex.get(key) ?? NOTHING;
  }

  private unusedKey(wanted: string): string {
    return this.names.take(wanted.replace(/[^\w.-]/g, '_') || 'Type');
  }

  private partsOf({ node, schema }: Placed, depth: number): ComplexType {
    if (depth > DEPTH_MAX) return NOTHING;
    const [content] = [...childrenOf(node, XML_SCHEMA, 'complexContent'), ...childrenOf(node, XML_SCHEMA, 'simpleContent')];
    if (content === undefined) return { fields: this.fieldsIn({ node, schema }, ONCE, depth) };
    const [derived] = childrenOf(content, XML_SCHEMA).filter(({ localName }) => localName === 'extension' || localName === 'restriction');
    if (derived === undefined) return NOTHING;
    const own = this.fieldsIn({ node: derived, schema }, ONCE, depth);
    const name = referenceOf(derived, 'base');
    const base = name === undefined ? 'any' : this.typeNamed(name, name.name, depth + 1);
    if (base === 'any') return { fields: own };
    if ('simple' in base) return { fields: own, text: base.simple };
    const { fields: inherited, text } = this.read(base.complex, depth + 1);
    const isExtension = derived.localName === 'extension';
    const known = isExtension ? inherited : inherited.filter(({ isAttribute }) => isAttribute);
    const all = [
      ...known.filter((field) => !own.some(({ name: same, isAttribute }) => same === field.name && isAttribute === field.isAttribute)),
      ...own,
    ];
    return { fields: all, ...(text && { text }) };
  }

  private fieldsIn({ node, schema }: Placed, occurrence: Occurrence, depth: number): readonly Field[] {
    if (depth > DEPTH_MAX) return [];
    const fields = new Map<string, Field>();
    for (const child of childrenOf(node, XML_SCHEMA)) {
      for (const field of this.fieldsOf({ node: child, schema }, occurrence, depth)) {
        const key = `${field.isAttribute ? '@' : ''}${keyOf(field)}`;
        // What may come in more than one place comes many times.
        const known = fields.get(key);
        fields.set(key, known === undefined ? field : { ...known, isMany: known.isMany || !field.isAttribute, isRequired: false });
      }
    }
    return [...fields.values()];
  }

  private fieldsOf({ node, schema }: Placed, occurrence: Occurrence, depth: number): readonly Field[] {
    switch (node.localName) {
      case 'sequence':
      case 'all':
        return this.fieldsIn({ node, schema }, within(node, occurrence), depth + 1);
      case 'choice':
        return this.fieldsIn({ node, schema }, { ...within(node, occurrence), isRequired: false }, depth + 1);
      case 'group':
      case 'attributeGroup': {
        const name = referenceOf(node, 'ref');
        const found = name && this.find(node.localName, name);
        return found ? this.fieldsIn(found, within(node, occurrence), depth + 1) : [];
      }
      case 'element':
        return [this.elementField({ node, schema }, occurrence, depth)];
      case 'attribute':
        return this.attributeField({ node, schema }, depth);
      default:
        return [];
    }
  }

  private elementField({ node, schema }: Placed, occurrence: Occurrence, depth: number): Field {
    const ref = referenceOf(node, 'ref');
    const found = ref && this.find('element', ref);
    const declared = found ?? { node, schema };
    const name = ref?.name ?? attributeOf(node, 'name') ?? '';
    return this.counted({
      name,
      namespace: ref?.namespace ?? namespaceOf(node, schema),
      type: ref !== undefined && found === undefined ? 'any' : this.valueOf(declared, name, depth + 1),
      ...within(node, occurrence),
      isNillable: attributeOf(declared.node, 'nillable') === 'true',
      isAttribute: false,
    });
  }

  private attributeField({ node, schema }: Placed, depth: number): readonly Field[] {
    if (attributeOf(node, 'use') === 'prohibited') return [];
    const ref = referenceOf(node, 'ref');
    const declared = (ref && this.find('attribute', ref)) ?? { node, schema };
    const name = attributeOf(declared.node, 'name') ?? ref?.name ?? '';
    const value = this.valueOf(declared, name, depth + 1);
    const type = typeof value === 'object' && 'simple' in value ? value : { simple: TEXT };
    const isRequired = attributeOf(node, 'use') === 'required';
    return [this.counted({ name, namespace: '', type, isMany: false, isRequired, isNillable: false, isAttribute: true })];
  }

  private counted(field: Field): Field {
    this.fields += 1;
    if (this.fields > FIELDS_MAX) throw new Untranslatable(`Its messages have more than ${FIELDS_MAX} parts.`);
    return field;
  }
}

const within = (node: Element, { isMany, isRequired }: Occurrence): Occurrence => {
  const most = attributeOf(node, 'maxOccurs') ?? '1';
  return { isMany: isMany || (most !== '1' && most !== '0'), isRequired: isRequired && attributeOf(node, 'minOccurs') !== '0' };
};

/** Of an element that is declared where it is used. */
const namespaceOf = (node: Element, schema: Element): string => {
  const form = attributeOf(node, 'form') ?? attributeOf(schema, 'elementFormDefault') ?? 'unqualified';
  return form === 'qualified' ? (attributeOf(schema, 'targetNamespace') ?? '') : '';
};
