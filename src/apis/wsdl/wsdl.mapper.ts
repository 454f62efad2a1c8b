import type { Problem } from '../../domain/problem.js';
import type { WSDLValidationResponseDto } from './wsdl.dto.js';
import type { WsdlInfo } from './wsdl.js';

/** Written as null where there is nothing: JSON has no undefined, and every property is to be present. */
const none = null as unknown as undefined;

export const toValidWsdl = ({ version, endpoints }: WsdlInfo): WSDLValidationResponseDto => ({
  isValid: true,
  errors: [],
  wsdlInfo: { version, endpoints: endpoints.map(({ name, location }) => ({ name, location })) },
});

export const toInvalidWsdl = ({ code, title, description }: Problem): WSDLValidationResponseDto => ({
  isValid: false,
  errors: [{ code: String(code), message: title, description }],
  wsdlInfo: none,
});
