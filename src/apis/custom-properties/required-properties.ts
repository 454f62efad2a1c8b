import type { ApiProperty } from '../../domain/api.js';
import { problem } from '../../domain/problem.js';
import type { CustomPropertyConfig } from '../../platform/config/sections/apim.config.js';

export const RequiredPropertiesMissing = problem(400, 903010, 'Bad Request', 'Error while updating required properties : %s');
export const RequiredPropertiesMissingToPublish = problem(
  400,
  903015,
  'Error while validating required properties',
  'Error while validating required properties.',
);

/** Names of the properties that the installation requires and that have no value, shown in the portal or not. */
export const missingProperties = (
  required: readonly Pick<CustomPropertyConfig, 'name' | 'required'>[],
  held: readonly ApiProperty[],
): readonly string[] => {
  const filled = new Set(held.filter(({ value }) => value.trim() !== '').map(({ name }) => name));
  return required.filter((property) => property.required && !filled.has(property.name)).map(({ name }) => name);
};

/** @throws RequiredPropertiesMissing (400). */
export const checkRequiredProperties = (required: readonly CustomPropertyConfig[], held: readonly ApiProperty[]): void => {
  const missing = missingProperties(required, held);
  if (missing.length > 0) throw RequiredPropertiesMissing(missing.join(', '));
};
