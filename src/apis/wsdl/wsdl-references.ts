import { WSDL11, WSDL20, XML_SCHEMA } from './namespaces.js';
import type { WsdlDocument } from './read-wsdl.js';
import { attributeOf, childrenOf, writtenXml } from './wsdl-xml.js';

/** Where a document says that it goes on elsewhere. */
interface Reference {
  readonly element: Element;
  readonly attribute: 'location' | 'schemaLocation';
}

const PARTS: readonly string[] = ['import', 'include', 'redefine'];

const referencesIn = ({ document, version }: WsdlDocument): readonly Reference[] => {
  const root = document.documentElement;
  const namespace = version === '2.0' ? WSDL20 : WSDL11;
  const schemas =
    version === null ? [root] : childrenOf(root, namespace, 'types').flatMap((types) => childrenOf(types, XML_SCHEMA, 'schema'));
  const own = version === null ? [] : childrenOf(root, namespace).map((element): Reference => ({ element, attribute: 'location' }));
  const ofSchemas = schemas.flatMap((schema) =>
    childrenOf(schema, XML_SCHEMA).map((element): Reference => ({ element, attribute: 'schemaLocation' })),
  );
  return [...own, ...ofSchemas].filter(
    ({ element, attribute }) => PARTS.includes(element.localName ?? '') && attributeOf(element, attribute) !== undefined,
  );
};

/** The address that a reference leads to, when the same server has it: the files of others are theirs, and stay where they are. */
const addressOf = ({ element, attribute }: Reference, base: string): string | undefined => {
  const text = attributeOf(element, attribute) ?? '';
  if (text === '' || !URL.canParse(text, base)) return undefined;
  const address = Object.assign(new URL(text, base), { hash: '' });
  return address.origin === new URL(base).origin ? address.href : undefined;
};

/** The addresses on the same server that a document from `base` refers to. */
export const addressesReferred = (read: WsdlDocument, base: string): readonly string[] => [
  ...new Set(referencesIn(read).flatMap((reference) => addressOf(reference, base) ?? [])),
];

/** Documents by their addresses, the first one first, as files of one archive that refer to one another by their names in it. */
export const asFiles = (documents: ReadonlyMap<string, WsdlDocument>): ReadonlyMap<string, string> => {
  const names = new Map([...documents].map(([address, { version }], index) => [address, nameOf(index, version !== null)]));
  return new Map(
    [...documents].map(([address, read]) => {
      for (const reference of referencesIn(read)) {
        const name = names.get(addressOf(reference, address) ?? '');
        if (name !== undefined) reference.element.setAttribute(reference.attribute, name);
      }
      return [names.get(address) ?? '', writtenXml(read.document)];
    }),
  );
};

const nameOf = (index: number, isWsdl: boolean): string => `${index === 0 ? 'service' : `part${index}`}.${isWsdl ? 'wsdl' : 'xsd'}`;
