const DAY = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:?\d{2})?$/;
/** Epoch seconds have ten digits until the year 2286, milliseconds thirteen. */
const EPOCH = /^(\d{10}|\d{13})$/;

/** A day as `2026-11-22`, if there is such a day. */
export const dayOf = (text: string): string | undefined => {
  const date = new Date(`${text}T00:00:00Z`);
  // Calendars have no year 0, and the database refuses it.
  return DAY.test(text) && !text.startsWith('0000') && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
    ? text
    : undefined;
};

/** A point in time: a day, which means its midnight, a date and time as ISO 8601 has it, in UTC unless it says otherwise, or seconds or milliseconds since 1970. */
export const instantOf = (text: string): Date | undefined => {
  if (EPOCH.test(text)) return new Date(Number(text) * (text.length === 10 ? 1000 : 1));
  const [, day = text, time = '00:00', zone = 'Z'] = INSTANT.exec(text) ?? [];
  if (dayOf(day) === undefined) return undefined;
  const date = new Date(`${day}T${time}${zone}`);
  return Number.isNaN(date.getTime()) ? undefined : date;
};
