export const WSDL11 = 'http://schemas.xmlsoap.org/wsdl/';
export const WSDL20 = 'http://www.w3.org/ns/wsdl';
export const SOAP11_BINDING = 'http://schemas.xmlsoap.org/wsdl/soap/';
export const SOAP12_BINDING = 'http://schemas.xmlsoap.org/wsdl/soap12/';
/** Of WSDL 2.0. */
export const SOAP_BINDING = 'http://www.w3.org/ns/wsdl/soap';
export const XML_SCHEMA = 'http://www.w3.org/2001/XMLSchema';
