const QUOTES = /^"(.*)"$/;

const SCHEMES = { bearer: /^bearer(?:\s+|$)/i, basic: /^basic(?:\s+|$)/i } as const;

export type AuthorizationScheme = keyof typeof SCHEMES;

/** What follows the scheme's word in the first of the header's comma-separated segments that begins with it; null when none does. */
export const segmentOf = (value: string, scheme: AuthorizationScheme): string | null => {
  for (const part of value.split(',')) {
    const segment = part.trim().replace(QUOTES, '$1');
    if (SCHEMES[scheme].test(segment)) return segment.replace(SCHEMES[scheme], '').trim().replace(QUOTES, '$1');
  }
  return null;
};

/** The header without its segments of the schemes; null when nothing is left. */
export const withoutSegments = (value: string, schemes: readonly AuthorizationScheme[]): string | null => {
  const kept = value.split(',').filter((part) => {
    const segment = part.trim().replace(QUOTES, '$1');
    return segment !== '' && !schemes.some((scheme) => SCHEMES[scheme].test(segment));
  });
  return kept.length === 0 ? null : kept.join(',').trim();
};
