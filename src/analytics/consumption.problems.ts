import { problem } from '../domain/problem.js';

export const TimeMissing = (parameter: string) =>
  problem(400, 400, 'Bad Request', 'Validation Error')().withFindings([
    { code: `400_${parameter}`, message: `${parameter}: must not be null` },
  ]);
export const TimeInvalid = problem(
  400,
  400,
  'Bad Request',
  'Invalid value for the query parameter %s: a time such as 2026-11-22T10:20:30Z, or milliseconds since 1970, is expected',
);
export const DayInvalid = problem(
  400,
  400,
  'Bad Request',
  'Invalid value for the query parameter %s: a day such as 2026-11-22 is expected',
);
export const EndsBeforeStart = problem(400, 400, 'Bad Request', 'Invalid value for the query parameter %s: it is before %s');
export const RangeTooLong = problem(400, 400, 'Bad Request', 'An export holds up to %s days: ask for a shorter range');
export const ReportTooLong = problem(400, 400, 'Bad Request', 'An export holds up to %s lines: ask for a shorter range');
