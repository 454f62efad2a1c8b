/** What every query with such a parameter contains: its name, or one of its letters percent-encoded. */
const HINT = /apikey=|%[46][159b]|%[57][09]/i;
const NAME = 'apikey';
/** The name with every letter encoded. */
const NAME_LENGTH_MAX = NAME.length * 3;

const decoded = (text: string): string => {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

const holdsKey = (parameter: string): boolean => {
  const end = parameter.indexOf('=');
  return end >= NAME.length && end <= NAME_LENGTH_MAX && decoded(parameter.slice(0, end)).toLowerCase() === NAME;
};

/** The API key among the parameters of a path's query; null when there is none. What is found here never goes on to the backend. */
export const keyParameter = (rest: string): string | null => {
  const query = rest.indexOf('?');
  if (query < 0 || !HINT.test(rest)) return null;
  const parameter = rest
    .slice(query + 1)
    .split('&')
    .find(holdsKey);
  return parameter === undefined ? null : decoded(parameter.slice(parameter.indexOf('=') + 1)) || null;
};

/** The query without any API key. */
export const withoutKeys = (search: string): string =>
  HINT.test(search)
    ? search
        .split('&')
        .filter((parameter) => !holdsKey(parameter))
        .join('&')
    : search;
