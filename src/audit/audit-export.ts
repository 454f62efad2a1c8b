import type { AuditEntryDto } from './audit.dto.js';

const COLUMNS = [
  'id',
  'at',
  'user',
  'address',
  'action',
  'kind',
  'entityId',
  'entityName',
  'parentId',
  'transactionId',
  'before',
  'after',
] as const;

/** What spreadsheets take for a formula: nobody's application name shall run on the auditor's machine. */
const FORMULA = /^[\s]*[=+\-@＝＋－＠]|^[\t\r\n]/;

const cellOf = (value: unknown): string => {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/** A form in which entries leave. */
export interface ExportFormat {
  readonly mediaType: string;
  readonly head: string;
  readonly line: (entry: AuditEntryDto) => string;
}

export const EXPORT_FORMATS: Readonly<Record<'jsonl' | 'csv', ExportFormat>> = {
  jsonl: { mediaType: 'application/jsonl', head: '', line: (entry) => `${JSON.stringify(entry)}\n` },
  // RFC 4180: lines end in CRLF.
  csv: {
    mediaType: 'text/csv; charset=utf-8',
    head: `${COLUMNS.join(',')}\r\n`,
    line: (entry) => `${COLUMNS.map((column) => cellOf(entry[column])).join(',')}\r\n`,
  },
};

/** Characters that leave at a time. */
const CHUNK = 65_536;

/** The entries as text, made as it is read. */
export async function* exported(entries: AsyncIterable<AuditEntryDto>, { head, line }: ExportFormat): AsyncGenerator<string> {
  let chunk = head;
  for await (const entry of entries) {
    chunk += line(entry);
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}
