import { CategoryNameInvalid } from './categories.problems.js';

/** Those that names of APIs may not hold either. */
const SPECIAL_CHARACTERS = /[~!@#;:%^*()+={}|\\<>"',&$[\]/\p{Cc}]/u;

/** What an administrator decides of a category. */
export interface CategoryContent {
  readonly name: string;
  readonly description: string;
}

/** Without blanks around the name. @throws CategoryNameInvalid (400). */
export const categoryOf = ({
  name,
  description,
}: {
  readonly name: string;
  readonly description?: string | undefined;
}): CategoryContent => {
  const trimmed = name.trim();
  if (trimmed === '' || SPECIAL_CHARACTERS.test(trimmed)) throw CategoryNameInvalid();
  return { name: trimmed, description: description ?? '' };
};
