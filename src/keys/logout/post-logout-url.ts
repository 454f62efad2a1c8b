/** Where the browser goes after the logout, with the client's `state` added; the URI is otherwise left as the client wrote it. */
export const postLogoutUrl = (uri: string, state: string | undefined): string => {
  if (state === undefined) return uri;
  const [, before = '', fragment = ''] = /^([^#]*)(.*)$/s.exec(uri) ?? [];
  return `${before}${before.includes('?') ? '&' : '?'}state=${encodeURIComponent(state)}${fragment}`;
};
