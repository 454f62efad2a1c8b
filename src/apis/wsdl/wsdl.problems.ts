import { BadRequest, Forbidden, problem } from '../../domain/problem.js';

export const WsdlUnusableUrl = problem(400, 900675, 'Invalid WSDL', 'Invalid WSDL URL. %s');
export const WsdlUnprocessable = problem(400, 900676, 'Invalid WSDL', 'Provided WSDL content cannot be processed. %s');
export const WsdlArchiveEmpty = problem(400, 900681, 'Invalid WSDL Archive', 'No valid WSDLs found in the provided WSDL archive');
export const WsdlNotRecognized = problem(400, 900682, 'Invalid WSDL Content', 'Provided content is not recognized as a WSDL');
export const WsdlUrlNotRecognized = problem(400, 900683, 'Invalid WSDL URL', 'Provided URL is not recognized as a WSDL');
export const WsdlNotFound = problem(404, 900684, 'WSDL Not Found', 'No WSDL Available for the API %s:%s');
export const WsdlExtensionUnsupported = problem(
  400,
  900686,
  'Unsupported WSDL File Extension',
  'Unsupported extension. Only supported extensions are .wsdl and .zip',
);
export const WsdlMissing = () => BadRequest('A WSDL is needed: give one of file and url.');
export const WsdlOfOtherType = (type: string) =>
  BadRequest(`The API is of the type ${type}. Only APIs of the types SOAP and SOAPTOREST have a WSDL.`);
export const ImplementationTypeUnknown = (type: string) =>
  BadRequest(`The implementationType ${type} is not known. It is SOAP or SOAPTOREST.`);
export const LinkRefused = () => Forbidden('The link has expired, was changed, or its maker is gone. Make a new one.');
export const ResourceTypeUnknown = () => BadRequest('The parameter type has to be wsdl: links are made for WSDLs.');
