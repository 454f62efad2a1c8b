import { writeArchive } from '../platform/archives/write-archive.js';
import { mapInTurns } from '../platform/turns/turns.js';
import type { Consumption, Days } from './consumption.queries.js';

const COLUMNS = [
  ...['day', 'apiId', 'apiName', 'apiVersion', 'apiProvider', 'environment'],
  ...['applicationId', 'applicationName', 'applicationOwner', 'applicationTenant', 'keyType'],
  ...['requests', 'successful', 'clientErrors', 'serverErrors', 'throttled', 'refused'],
] as const satisfies readonly (keyof Consumption)[];

/** What a spreadsheet would take for a formula. */
const FORMULA = /^[=+\-@\t\r]/;
const SPECIAL = /[",\r\n]/;

/** A text for a cell (RFC 4180), which no spreadsheet runs as a formula: anybody may name an application. */
export const cellOf = (text: string): string => {
  const harmless = FORMULA.test(text) ? `'${text}` : text;
  return SPECIAL.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
};

export const csvOf = async (rows: readonly Consumption[]): Promise<string> => {
  const lines = await mapInTurns(rows, (row) => COLUMNS.map((column) => cellOf(row[column])).join(','));
  return `${[COLUMNS.join(','), ...lines].join('\r\n')}\r\n`;
};

/** The zip archive with the one table in it. */
export const reportArchive = async ({ from, to }: Days, rows: readonly Consumption[]): Promise<Buffer> =>
  writeArchive([[`consumption-${from}-${to}.csv`, await csvOf(rows)]]);
