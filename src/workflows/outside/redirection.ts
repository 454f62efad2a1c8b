/** Where an outside system wants whoever asked to go on, in the product's form (`reference/admin.md` §6, `devportal.md` §8). */
export interface Redirection {
  readonly redirectUrl: string;
  /** What the portal puts into the query of the address. */
  readonly additionalParameters: Readonly<Record<string, string>>;
  readonly redirectConfirmationMsg: string;
}

const URL_LENGTH_MAX = 2_048;
const MESSAGE_LENGTH_MAX = 2_000;
const PARAMETERS_MAX = 50;

/**
 * The redirection in the JSON that an outside system answered; undefined where it has none. `own` parameters are added to those it names itself.
 * @throws Error saying what is wrong: what a portal follows must be a web address, not a script.
 */
export const redirectionIn = (answer: string, own: Readonly<Record<string, string>>): Redirection | undefined => {
  const wanted: unknown = JSON.parse(answer);
  if (!isObject(wanted) || wanted['redirectUrl'] === undefined) return undefined;
  const { redirectUrl, additionalParameters = {}, redirectConfirmationMsg = '' } = wanted;
  if (!isText(redirectUrl, URL_LENGTH_MAX) || !isWebAddress(redirectUrl)) throw new Error('redirectUrl is no http(s) address');
  if (!isText(redirectConfirmationMsg, MESSAGE_LENGTH_MAX))
    throw new Error(`redirectConfirmationMsg is no text of up to ${MESSAGE_LENGTH_MAX}`);
  if (!isParameters(additionalParameters)) throw new Error(`additionalParameters are not up to ${PARAMETERS_MAX} texts`);
  return { redirectUrl, additionalParameters: { ...own, ...additionalParameters }, redirectConfirmationMsg };
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isText = (value: unknown, lengthMax: number): value is string => typeof value === 'string' && value.length <= lengthMax;

const isWebAddress = (address: string): boolean => ['http:', 'https:'].includes(URL.parse(address)?.protocol ?? '');

const isParameters = (value: unknown): value is Readonly<Record<string, string>> =>
  isObject(value) && Object.keys(value).length <= PARAMETERS_MAX && Object.values(value).every((one) => isText(one, URL_LENGTH_MAX));
