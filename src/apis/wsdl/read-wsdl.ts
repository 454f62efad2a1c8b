import { WSDL11, WSDL20 } from './namespaces.js';
import type { WsdlEndpoint, WsdlFiles, WsdlInfo } from './wsdl.js';
import { isSchemaPath, isWsdlPath } from './wsdl.js';
import { attributeOf, childrenOf, decodedXml, parsedXml } from './wsdl-xml.js';

/** A document of a WSDL, read. */
export interface WsdlDocument {
  readonly path: string;
  readonly document: Document;
  /** Null for a schema. */
  readonly version: WsdlInfo['version'] | null;
}

/** Why a WSDL cannot be used: it is none, an archive holds none, or what the text says, which is fit for the caller. */
export type Unreadable = { readonly reason: 'no-wsdl' | 'empty-archive' } | { readonly reason: 'unusable'; readonly text: string };

export const isUnreadable = <T extends object>(read: T | Unreadable): read is Unreadable => 'reason' in read;

const versionOf = ({ documentElement: root }: Document): WsdlInfo['version'] | null => {
  if (root.namespaceURI === WSDL11 && root.localName === 'definitions') return '1.1';
  return root.namespaceURI === WSDL20 && root.localName === 'description' ? '2.0' : null;
};

/** The only document; where there are several, everything named as a WSDL or a schema. */
export const readDocuments = (files: WsdlFiles, isArchive: boolean): readonly WsdlDocument[] | Unreadable => {
  const wanted = [...files].filter(([path]) => !isArchive || isWsdlPath(path) || isSchemaPath(path));
  if (isArchive && !wanted.some(([path]) => isWsdlPath(path))) return { reason: 'empty-archive' };
  const documents: WsdlDocument[] = [];
  for (const [path, bytes] of wanted) {
    const read = readDocument(path, bytes);
    if (isUnreadable(read)) return isArchive && read.reason === 'unusable' ? { ...read, text: `${path}: ${read.text}` } : read;
    if (read.version === null && (!isArchive || isWsdlPath(path))) return { reason: 'no-wsdl' };
    documents.push(read);
  }
  return documents;
};

export const readDocument = (path: string, bytes: Uint8Array): WsdlDocument | Unreadable => {
  try {
    const document = parsedXml(decodedXml(bytes));
    return { path, document, version: versionOf(document) };
  } catch (err) {
    // Nesting that exhausts the stack is the text's fault as well.
    return { reason: 'unusable', text: err instanceof Error ? err.message : String(err) };
  }
};

/** The endpoints of all documents; the version is that of the {@link mainOf main} one. */
export const infoOf = (documents: readonly WsdlDocument[]): WsdlInfo => ({
  version: mainOf(documents)?.version ?? '1.1',
  endpoints: documents.flatMap(endpointsIn),
});

/** The document that a client of the service begins with: the first with an endpoint that is nearest to the root, else the first that is a WSDL. */
export const mainOf = (documents: readonly WsdlDocument[]): WsdlDocument | undefined => {
  const byDepth = documents.filter(({ version }) => version !== null).sort((a, b) => depthOf(a.path) - depthOf(b.path));
  return byDepth.find((document) => endpointsIn(document).length > 0) ?? byDepth[0];
};

const depthOf = (path: string): number => path.split('/').length;

const endpointsIn = (document: WsdlDocument): readonly WsdlEndpoint[] =>
  addressesIn(document).map(({ name, element, attribute }) => ({ name, location: element.getAttribute(attribute) ?? '' }));

/** Where an endpoint of a service has its address. */
export interface Address {
  readonly name: string;
  readonly element: Element;
  readonly attribute: string;
}

/** Every address, whatever protocol it is for: of WSDL 1.1 an extension element within the port, of WSDL 2.0 the endpoint itself. */
export const addressesIn = ({ document, version }: WsdlDocument): readonly Address[] => {
  if (version === null) return [];
  const root = document.documentElement;
  const isOld = version === '1.1';
  const services = childrenOf(root, isOld ? WSDL11 : WSDL20, 'service');
  return services.flatMap((service) =>
    isOld
      ? childrenOf(service, WSDL11, 'port').flatMap((port) =>
          childrenOf(port)
            .filter((element) => element.localName === 'address' && attributeOf(element, 'location') !== undefined)
            .map((element) => ({ name: port.getAttribute('name') ?? '', element, attribute: 'location' })),
        )
      : childrenOf(service, WSDL20, 'endpoint')
          .filter((endpoint) => attributeOf(endpoint, 'address') !== undefined)
          .map((element) => ({ name: element.getAttribute('name') ?? '', element, attribute: 'address' })),
  );
};
