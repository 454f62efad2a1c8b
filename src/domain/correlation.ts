/** The parts of the server that may write correlation lines (`reference/operations.md` §7). */
export const CORRELATION_COMPONENTS = ['http', 'jdbc', 'ldap', 'synapse', 'method-calls'] as const;
export type CorrelationComponent = (typeof CORRELATION_COMPONENTS)[number];

/** Key: `gateway`. What a gateway writes to the correlation log. */
export interface CorrelationDocument {
  readonly http: boolean;
}

/** `2026-11-22 07:40:00,123`, as the product's logs have it; always in UTC. */
export const logDate = (at: number): string => new Date(at).toISOString().replace('T', ' ').replace('.', ',').replace('Z', '');

/** One line of the correlation log: its parts between bars, none of which can end the part or the line. */
export const correlationLine = (parts: readonly (string | number)[]): string =>
  `${parts.map((part) => (typeof part === 'number' ? String(part) : withoutBars(part))).join('|')}\n`;

const withoutBars = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not get into a line
  text.replaceAll('|', '%7C').replace(/[\u0000-\u001f\u007f]+/g, ' ');
