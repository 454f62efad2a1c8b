import type { OpenAPIDefinitionValidationResponseDto } from '../dto/openapi.dto.js';
import type { DefinitionReading } from './definition.js';

/** The answer of `validate-openapi`; `content` is the text as it came, when the caller asked for it. */
export const toValidationResponse = (reading: DefinitionReading, content: string | null): OpenAPIDefinitionValidationResponseDto => {
  // Written as null where there is nothing: JSON has no undefined, and every property is to be present.
  const none = null as unknown as undefined;
  if (!reading.valid) {
    const errors = reading.findings.map(({ code, message, description }) => ({ code: String(code), message, description }));
    return { isValid: false, content: none, info: none, errors };
  }
  const { info, operations } = reading;
  return {
    isValid: true,
    content: content ?? none,
    info: {
      ...info,
      context: info.context || none,
      endpoints: [...info.endpoints],
      operations: operations.map(({ target, verb }) => ({ target, verb })),
    },
    errors: [],
  };
};
