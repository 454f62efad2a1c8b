/**
 * SQL: when a day, given as `2026-11-22`, begins in UTC. A bare date would first become midnight in the session's own time zone, which is as the database's
 * operator has set it.
 */
export const startOf = (day: string): string => `(${day}::date::timestamp AT TIME ZONE 'UTC')`;
