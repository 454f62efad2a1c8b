import { isDeepStrictEqual } from 'node:util';
import { XmlValue } from './message.js';
import {
  anyText,
  booleanIfSo,
  booleanOf,
  bounded,
  EvaluationFailure,
  finite,
  HeldText,
  numberIfSo,
  numberOf,
  type Operand,
  present,
  typeOf,
} from './synapse-expression-values.js';

/** One operator; the right side is evaluated only where it is needed. @throws EvaluationFailure. */
export const operate = (operator: string, left: Operand, right: () => Operand): Operand => {
  switch (operator) {
    case '||':
      return booleanOf(left) || booleanOf(right());
    case '&&':
      return booleanOf(left) && booleanOf(right());
    case '==':
      return isEqual(left, right());
    case '!=':
      return !isEqual(left, right());
    case '<':
      return numberOf(left) < numberOf(right());
    case '<=':
      return numberOf(left) <= numberOf(right());
    case '>':
      return numberOf(left) > numberOf(right());
    case '>=':
      return numberOf(left) >= numberOf(right());
    case '+':
      return sum(present(left), present(right()));
    default:
      return calculated(operator, numberOf(left), numberOf(right()));
  }
};

const calculated = (operator: string, left: number, right: number): number => {
  if (operator === '-') return finite(left - right);
  if (operator === '*') return finite(left * right);
  if (right === 0) throw new EvaluationFailure('it divides by zero');
  return finite(operator === '/' ? left / right : left % right);
};

const sum = (left: Operand, right: Operand): Operand => {
  const [first, second] = [numberIfSo(left), numberIfSo(right)];
  if (typeof first === 'number' && typeof second === 'number') return finite(first + second);
  if (!isText(first) && !isText(second)) throw new EvaluationFailure(`${typeOf(left)} and ${typeOf(right)} cannot be added`);
  return bounded(anyText(left) + anyText(right));
};

const isText = (value: Operand): boolean => typeof value === 'string' || value instanceof HeldText || value instanceof XmlValue;

/** What is not there equals null. A text from elsewhere is compared as what the other side is. */
const isEqual = (left: Operand = null, right: Operand = null): boolean => {
  if (typeof left === 'boolean' || typeof right === 'boolean') return booleanIfSo(left) === booleanIfSo(right);
  const [first, second] = [numberIfSo(left), numberIfSo(right)];
  if (typeof first === 'number' && typeof second === 'number') return first === second;
  if (isText(left) && isText(right)) return anyText(left) === anyText(right);
  return isDeepStrictEqual(left, right);
};
