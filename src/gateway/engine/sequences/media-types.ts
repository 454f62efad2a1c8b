/** What a body is, by its media type (`reference/mediation.md` §2.2). */
export type Family = 'json' | 'xml' | 'soap' | 'form' | 'text' | 'binary';

/** The media type without its parameters, in lower case. */
export const essenceOf = (contentType: string | null): string => (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';

export const familyOf = (contentType: string | null): Family => {
  const essence = essenceOf(contentType);
  if (/^(?:application|text)\/(?:[^/]+\+)?json$/.test(essence)) return 'json';
  if (essence === 'text/xml' || essence === 'application/soap+xml') return 'soap';
  if (/^application\/(?:[^/]+\+)?xml$/.test(essence)) return 'xml';
  if (essence === 'application/x-www-form-urlencoded') return 'form';
  return essence === 'text/plain' || essence === 'text/event-stream' ? 'text' : 'binary';
};
