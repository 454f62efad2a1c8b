/** Headers hold ASCII only; anything else is sent as browsers would send it. */
const NOT_ASCII = /[^\x21-\x7e]+/g;

/** Where the browser goes after the logout, with the client's `state` added; the URI is otherwise left as the client wrote it. */
export const postLogoutUrl = (uri: string, state: string | undefined): string => {
  const base = uri.toWellFormed().replace(NOT_ASCII, encodeURIComponent);
  return state === undefined ? base : `${base}${base.includes('?') ? '&' : '?'}state=${encodeURIComponent(state.toWellFormed())}`;
};
