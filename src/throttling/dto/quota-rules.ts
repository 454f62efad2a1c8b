import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { ValidateBy, type ValidationArguments } from 'class-validator';
import { isBurstUnit, isTimeUnit, UNLIMITED_COUNT, WINDOW_MS_MAX, windowMs } from '../../domain/throttling.js';

type Siblings = Readonly<Record<string, unknown>>;

/** A rule that may look at the other properties of its object. */
const rule = (name: string, holds: (value: unknown, siblings: Siblings) => boolean, words: string): PropertyDecorator =>
  ValidateBy({
    name,
    validator: {
      // The object that a property belongs to, whose further properties are not known to be good.
      validate: (value, args) => holds(value, (args as ValidationArguments).object as Siblings),
      defaultMessage: () => `$property ${words}`,
    },
  });

const isBetween = (value: unknown, min: number): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= min && value <= UNLIMITED_COUNT;

/** Portals send what was typed into their forms. */
const Digits = (): PropertyDecorator =>
  Transform(({ value }) => (typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : (value as unknown)));

/** A whole number from `min` to {@link UNLIMITED_COUNT}, as a number or as its digits. */
export const IsAmount = (min: number): PropertyDecorator =>
  applyDecorators(
    Digits(),
    rule('isAmount', (value) => isBetween(value, min), `must be a whole number from ${min} to ${UNLIMITED_COUNT}`),
  );

/** A unit of time in one of the spellings that clients send. */
export const IsTimeUnit = (): PropertyDecorator =>
  rule('isTimeUnit', (value) => typeof value === 'string' && isTimeUnit(value), 'must be one of sec, min, hour, day, week, month and year');

/** How many of the sibling `timeUnit` a window has; windows are ten years long at most. */
export const IsUnitTime = (): PropertyDecorator =>
  applyDecorators(
    IsAmount(1),
    rule(
      'isUnitTime',
      (unitTime, { timeUnit }) =>
        typeof timeUnit !== 'string' || !isBetween(unitTime, 1) || windowMs({ timeUnit, unitTime }) <= WINDOW_MS_MAX,
      'makes a window of more than ten years',
    ),
  );

/** `KB` or `MB`, in any case. */
export const IsDataUnit = (): PropertyDecorator =>
  rule('isDataUnit', (value) => typeof value === 'string' && /^[km]b$/i.test(value), 'must be KB or MB');

/** The requests of a quota of an AI plan, where 0 means no limit: something has to be limited. */
export const IsAiAmount = (): PropertyDecorator =>
  applyDecorators(
    IsAmount(0),
    rule(
      'limitsSomething',
      (value, { totalTokenCount, promptTokenCount, completionTokenCount }) =>
        [value, totalTokenCount, promptTokenCount, completionTokenCount].some((count) => isBetween(count, 1)),
      'must be above 0 where no count of tokens is',
    ),
  );

/** `FREE` or `COMMERCIAL`, in any case; empty for the former. */
export const IsBillingPlan = (): PropertyDecorator =>
  rule(
    'isBillingPlan',
    (value) => typeof value === 'string' && (value === '' || /^(?:free|commercial)$/i.test(value)),
    'must be FREE or COMMERCIAL',
  );

/** A burst limit beside its sibling `rateLimitTimeUnit`; 0 is none. */
export const IsBurstCount = (): PropertyDecorator =>
  applyDecorators(
    IsAmount(0),
    rule(
      'hasBurstUnit',
      (value, { rateLimitTimeUnit }) => !isBetween(value, 1) || (typeof rateLimitTimeUnit === 'string' && isBurstUnit(rateLimitTimeUnit)),
      'needs a rateLimitTimeUnit of sec or min',
    ),
  );
