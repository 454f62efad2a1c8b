const PATTERN = /^regexp=\((.*)\)$/s;
const SPECIAL = /[\\^$.*+?()[\]{}|]/g;

/** Several URLs as the one callback of a client (`reference/key-manager.md` §2.4); a single one stays as it is. */
export const callbackOf = (urls: readonly string[]): string => {
  const [first = '', ...rest] = urls;
  return rest.length === 0 ? first : `regexp=(${urls.map((url) => url.replace(SPECIAL, '\\$&')).join('|')})`;
};

/** The URLs of a callback that {@link callbackOf} made; any other is one text. */
export const callbacksIn = (callback: string): readonly string[] => {
  const urls =
    PATTERN.exec(callback)?.[1]
      ?.match(/(?:\\.|[^|])+/gs)
      ?.map((url) => url.replace(/\\(.)/gs, '$1')) ?? [];
  if (urls.length > 1 && callbackOf(urls) === callback) return urls;
  return callback === '' ? [] : [callback];
};
