import { CharactersInvalid, PropertyBlank } from './throttling.problems.js';

const CONTROL = /\p{Cc}/u;

/** Whether nothing is there to be read. @throws PropertyBlank (900705). */
export const checkFilled = (property: string, text: string): void => {
  if (text.trim() === '') throw PropertyBlank(property);
};

/** A name is shown in lists and written into paths: it needs something to be seen, and no line breaks. @throws PropertyBlank, CharactersInvalid (400). */
export const checkPolicyName = (name: string): void => {
  checkFilled('policyName', name);
  if (CONTROL.test(name)) throw CharactersInvalid('policyName');
};
