import { SOAP_BINDING, SOAP11_BINDING, SOAP12_BINDING, WSDL11, WSDL20, XML_SCHEMA } from './namespaces.js';
import type { WsdlDocument } from './read-wsdl.js';
import { type MessageRoot, type SoapOperation, Untranslatable } from './rest-model.js';
import { SchemaTypes } from './schema-types.js';
import { UnusedNames } from './unused-names.js';
import { attributeOf, childrenOf, keyOf, type QName, referenceOf } from './wsdl-xml.js';

/** The operations that a WSDL offers over SOAP, with the types of their messages. */
export interface SoapService {
  readonly operations: readonly SoapOperation[];
  readonly types: SchemaTypes['types'];
}

/** Throws {@link Untranslatable} where there is none, or what cannot be understood. */
export const soapService = (documents: readonly WsdlDocument[]): SoapService => {
  const types = new SchemaTypes(schemasIn(documents));
  const operations = [...operations11(documents, types), ...operations20(documents, types)];
  // A service has the same operations for both versions of SOAP; the first one met is the older.
  const distinct = new Map<string, FoundOperation>();
  for (const operation of operations) if (operation.name !== '' && !distinct.has(operation.name)) distinct.set(operation.name, operation);
  if (distinct.size === 0) throw new Untranslatable('It has no operation with a SOAP binding.');
  return { operations: withPaths([...distinct.values()]), types: types.types };
};

/** An operation that has no place yet. */
type FoundOperation = Omit<SoapOperation, 'path'>;

/** By their names, the first letter in lower case; names that then are the same have a number behind them. */
const withPaths = (operations: readonly FoundOperation[]): readonly SoapOperation[] => {
  const names = new UnusedNames();
  return operations.map((operation) => {
    const name = operation.name.replace(/[^\w.-]/g, '_');
    return { ...operation, path: names.take(`/${name.charAt(0).toLowerCase()}${name.slice(1)}`) };
  });
};

const schemasIn = (documents: readonly WsdlDocument[]): readonly Element[] =>
  documents.flatMap(({ document, version }) => {
    const root = document.documentElement;
    if (version === null) return root.namespaceURI === XML_SCHEMA && root.localName === 'schema' ? [root] : [];
    return childrenOf(root, version === '2.0' ? WSDL20 : WSDL11, 'types').flatMap((part) => childrenOf(part, XML_SCHEMA, 'schema'));
  });

/** The named parts of all documents of one version of WSDL, by name. */
const partsNamed = (documents: readonly WsdlDocument[], version: '1.1' | '2.0', name: string): ReadonlyMap<string, Element> => {
  const namespace = version === '2.0' ? WSDL20 : WSDL11;
  return new Map(
    documents
      .filter((each) => each.version === version)
      .flatMap(({ document: { documentElement: root } }) =>
        childrenOf(root, namespace, name).map((part) => {
          const own = { namespace: attributeOf(root, 'targetNamespace') ?? '', name: attributeOf(part, 'name') ?? '' };
          return [keyOf(own), part] as const;
        }),
      ),
  );
};

const SOAP_BINDINGS = [
  [SOAP11_BINDING, '1.1'],
  [SOAP12_BINDING, '1.2'],
] as const;

const described = (element: Element | undefined, namespace: string): string =>
  (element && childrenOf(element, namespace, 'documentation')[0]?.textContent?.trim()) ?? '';

const operations11 = (documents: readonly WsdlDocument[], types: SchemaTypes): readonly FoundOperation[] => {
  const bindings = partsNamed(documents, '1.1', 'binding');
  const portTypes = partsNamed(documents, '1.1', 'portType');
  const messages = partsNamed(documents, '1.1', 'message');
  return SOAP_BINDINGS.flatMap(([namespace, soapVersion]) =>
    [...bindings.values()].flatMap((binding) => {
      const [soap] = childrenOf(binding, namespace, 'binding');
      if (soap === undefined) return [];
      const type = referenceOf(binding, 'type');
      const portType = type && portTypes.get(keyOf(type));
      const operations = new Map(portType && childrenOf(portType, WSDL11, 'operation').map((each) => [attributeOf(each, 'name'), each]));
      return childrenOf(binding, WSDL11, 'operation').map((bound): FoundOperation => {
        const name = attributeOf(bound, 'name') ?? '';
        const [own] = childrenOf(bound, namespace, 'operation');
        const offered = operations.get(name);
        const isRpc = ((own && attributeOf(own, 'style')) ?? attributeOf(soap, 'style')) === 'rpc';
        const root = (direction: 'input' | 'output'): MessageRoot | undefined => {
          const [part] = offered ? childrenOf(offered, WSDL11, direction) : [];
          const messageName = part && referenceOf(part, 'message');
          const message = messageName && messages.get(keyOf(messageName));
          if (part === undefined) return undefined;
          const [body] = childrenOf(bound, WSDL11, direction).flatMap((each) => childrenOf(each, namespace, 'body'));
          const wanted = new Set((body && attributeOf(body, 'parts'))?.split(/\s+/) ?? []);
          const parts = message
            ? childrenOf(message, WSDL11, 'part').filter((each) => wanted.size === 0 || wanted.has(attributeOf(each, 'name') ?? ''))
            : [];
          if (!isRpc) return documentRoot(parts, types);
          const rpcName = direction === 'input' ? name : `${name}Response`;
          return rpcRoot({ namespace: (body && attributeOf(body, 'namespace')) ?? type?.namespace ?? '', name: rpcName }, parts, types);
        };
        return {
          name,
          description: described(offered, WSDL11),
          action: (own && attributeOf(own, 'soapAction')) ?? '',
          soapVersion,
          request: root('input') ?? null,
          response: root('output'),
        };
      });
    }),
  );
};

/** The one part that is an element. */
const documentRoot = (parts: readonly Element[], types: SchemaTypes): MessageRoot => {
  const [element] = parts.flatMap((part) => referenceOf(part, 'element') ?? []);
  if (element !== undefined) return { ...element, type: types.ofElement(element) };
  const [part] = parts;
  return part === undefined ? null : { namespace: '', name: attributeOf(part, 'name') ?? '', type: typeOf(part, types) };
};

/** An element named after the operation, with one for each part. */
const rpcRoot = (root: QName, parts: readonly Element[], types: SchemaTypes): MessageRoot => ({
  ...root,
  type: types.add(
    root.name,
    parts.map((part) => {
      const element = referenceOf(part, 'element');
      const own = element ?? { namespace: '', name: attributeOf(part, 'name') ?? '' };
      const type = element === undefined ? typeOf(part, types) : types.ofElement(element);
      return { ...own, type, isMany: false, isRequired: false, isNillable: false, isAttribute: false };
    }),
  ),
});

const typeOf = (part: Element, types: SchemaTypes) => {
  const name = referenceOf(part, 'type');
  return name === undefined ? 'any' : types.ofType(name);
};

const SOAP11_PROTOCOL_VERSION = '1.1';

const operations20 = (documents: readonly WsdlDocument[], types: SchemaTypes): readonly FoundOperation[] => {
  const interfaces = partsNamed(documents, '2.0', 'interface');
  const bindings = [...partsNamed(documents, '2.0', 'binding').values()].filter((each) => attributeOf(each, 'type') === SOAP_BINDING);
  return bindings.flatMap((binding) => {
    const name = referenceOf(binding, 'interface');
    const offered = name === undefined ? [] : inherited(name, interfaces, new Set());
    const bound = new Map(childrenOf(binding, WSDL20, 'operation').map((each) => [referenceOf(each, 'ref')?.name, each]));
    const isOld = binding.getAttributeNS(SOAP_BINDING, 'version') === SOAP11_PROTOCOL_VERSION;
    return offered.map((operation): FoundOperation => {
      const own = attributeOf(operation, 'name') ?? '';
      const of = bound.get(own);
      const root = (direction: 'input' | 'output'): MessageRoot | undefined => {
        const [part] = childrenOf(operation, WSDL20, direction);
        if (part === undefined) return undefined;
        const text = attributeOf(part, 'element');
        const element = text === undefined || text.startsWith('#') ? undefined : referenceOf(part, 'element');
        return element === undefined ? null : { ...element, type: types.ofElement(element) };
      };
      return {
        name: own,
        description: described(operation, WSDL20),
        action: of?.getAttributeNS(SOAP_BINDING, 'action') ?? '',
        soapVersion: isOld ? '1.1' : '1.2',
        request: root('input') ?? null,
        response: root('output'),
      };
    });
  });
};

/** The operations of an interface and of those that it extends. */
const inherited = (name: QName, interfaces: ReadonlyMap<string, Element>, seen: Set<string>): readonly Element[] => {
  const key = keyOf(name);
  const found = interfaces.get(key);
  if (found === undefined || seen.has(key)) return [];
  seen.add(key);
  const parents = (attributeOf(found, 'extends') ?? '').split(/\s+/).filter((text) => text !== '');
  const extended = parents.flatMap((text) => {
    const [prefix, local] = text.includes(':') ? text.split(':') : ['', text];
    return inherited({ namespace: found.lookupNamespaceURI(prefix ?? '') ?? '', name: local ?? '' }, interfaces, seen);
  });
  return [...childrenOf(found, WSDL20, 'operation'), ...extended];
};
