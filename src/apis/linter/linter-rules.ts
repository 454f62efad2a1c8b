/** The rules as they are sent: the tenant's own document alone, or a list of documents as texts (`reference/publisher.md` §19). */
export const linterRules = (custom: unknown, isForApis: boolean): unknown => {
  const isSet = typeof custom === 'object' && custom !== null && Object.keys(custom).length > 0;
  if (!isSet) return [];
  return isForApis ? [JSON.stringify(custom)] : custom;
};
