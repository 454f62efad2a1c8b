import { TEMPLATE_VARIABLES, type TemplatePart, type TemplateVariable } from '../../domain/custom-rules.js';
import { InvalidKeyTemplate } from './custom-rules.problems.js';

const PROPERTY = /^\$customProperty\.([\w.-]+)$/;
const PARTS_MAX = 20;

const isVariable = (name: string): name is TemplateVariable => (TEMPLATE_VARIABLES as readonly string[]).includes(name);

/** Takes a key template apart: variables separated by colons (`reference/throttling.md` §8). @throws InvalidKeyTemplate (400) that names the part. */
export const parseKeyTemplate = (template: string): readonly TemplatePart[] => {
  const parts = template.trim().split(':');
  if (parts.length > PARTS_MAX) throw InvalidKeyTemplate(`it has more than ${PARTS_MAX} parts`);
  return parts.map((part) => {
    const [, property] = PROPERTY.exec(part) ?? [];
    if (property !== undefined) return { property };
    const name = part.slice(1);
    if (part.startsWith('$') && isVariable(name)) return { variable: name };
    throw InvalidKeyTemplate(
      `'${part.slice(0, 60)}' is none of ${TEMPLATE_VARIABLES.map((variable) => `$${variable}`).join(', ')} and $customProperty.<name>`,
    );
  });
};
