import { addressesIn, type WsdlDocument } from './read-wsdl.js';
import { childrenOf, writtenXml } from './wsdl-xml.js';

/** The document with every endpoint at the address, and none of those that it had. */
export const atAddress = (read: WsdlDocument, address: string): string => {
  for (const { element, attribute } of addressesIn(read)) {
    element.setAttribute(attribute, address);
    const port = element.parentNode;
    if (port !== null && element.localName === 'address') readdress(port, address);
  }
  return writtenXml(read.document);
};

/** Some servers repeat the address in a reference of WS-Addressing, with what tells their identity. */
const readdress = (port: Node, address: string): void => {
  for (const reference of childrenOf(port).filter(({ localName }) => localName === 'EndpointReference')) {
    for (const part of childrenOf(reference)) {
      if (part.localName === 'Address') part.textContent = address;
      else reference.removeChild(part);
    }
  }
};
