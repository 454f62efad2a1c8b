import { isIP } from 'node:net';
import type { Condition, ConditionalGroup } from '../domain/conditional-groups.js';
import { addressKey, isSameFamily } from '../domain/ip-address.js';
import type { Finding } from '../domain/problem.js';
import { javaPattern } from '../gateway/engine/sequences/java-pattern.js';

const HEADER_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/**
 * What is wrong with the conditional groups of an advanced policy: a condition without what its type compares, an address or a pattern that is none, and
 * groups that could never be the ones that decide. Empty when nothing is.
 */
export const groupFaults = (groups: readonly ConditionalGroup[]): readonly Finding[] => {
  const faults = groups.flatMap(({ conditions }, group) => {
    const path = `conditionalGroups.${group}.conditions`;
    if (conditions.length === 0) return [fault(path, 'must not be empty')];
    return conditions.flatMap((condition, index) => conditionFaults(condition, `${path}.${index}`));
  });
  return faults.length > 0 ? faults : overlaps(groups);
};

const fault = (path: string, text: string): Finding => ({ code: `400_${path}`, message: `${path}: ${text}` });

const conditionFaults = (condition: Condition, path: string): readonly Finding[] => {
  const { headerCondition, ipCondition, jwtClaimsCondition, queryParameterCondition } = condition;
  const of = (property: string, text: string) => fault(`${path}.${property}`, text);
  switch (condition.type) {
    case 'HEADERCONDITION':
      if (!headerCondition) return [of('headerCondition', 'must not be null')];
      return [
        ...(HEADER_NAME.test(headerCondition.headerName) ? [] : [of('headerCondition.headerName', 'is no name of a header')]),
        ...patternFaults(headerCondition.headerValue, `${path}.headerCondition.headerValue`),
      ];
    case 'QUERYPARAMETERCONDITION':
      if (!queryParameterCondition) return [of('queryParameterCondition', 'must not be null')];
      return [
        ...(queryParameterCondition.parameterName === '' ? [of('queryParameterCondition.parameterName', 'must not be empty')] : []),
        ...patternFaults(queryParameterCondition.parameterValue, `${path}.queryParameterCondition.parameterValue`),
      ];
    case 'JWTCLAIMSCONDITION':
      if (!jwtClaimsCondition) return [of('jwtClaimsCondition', 'must not be null')];
      return [
        ...(jwtClaimsCondition.claimUrl === '' ? [of('jwtClaimsCondition.claimUrl', 'must not be empty')] : []),
        ...patternFaults(jwtClaimsCondition.attribute, `${path}.jwtClaimsCondition.attribute`),
      ];
    case 'IPCONDITION':
      return ipCondition ? addressFaults(ipCondition, `${path}.ipCondition`) : [of('ipCondition', 'must not be null')];
  }
};

const patternFaults = (pattern: string, path: string): readonly Finding[] => {
  try {
    javaPattern(pattern);
    return [];
  } catch (err) {
    return [fault(path, err instanceof Error ? err.message : String(err))];
  }
};

type Addresses = NonNullable<Condition['ipCondition']>;

const addressFaults = ({ ipConditionType, specificIP, startingIP, endingIP }: Addresses, path: string): readonly Finding[] => {
  if (ipConditionType === 'IPSPECIFIC') return keyOf(specificIP) === null ? [fault(`${path}.specificIP`, 'is no IP address')] : [];
  const [first, last] = [keyOf(startingIP), keyOf(endingIP)];
  if (first === null || last === null)
    return [...(first === null ? ['startingIP'] : []), ...(last === null ? ['endingIP'] : [])].map((property) =>
      fault(`${path}.${property}`, 'is no IP address'),
    );
  if (!isSameFamily(first, last)) return [fault(`${path}.endingIP`, 'must be of the same IP version as startingIP')];
  return first <= last ? [] : [fault(`${path}.endingIP`, 'must not be below startingIP')];
};

/** What an address is compared by; null for what is none. One with a zone is none that a client could have here. */
const keyOf = (address: string | undefined): string | null =>
  address === undefined || address.includes('%') || isIP(address) === 0 ? null : addressKey(address);

/**
 * Groups are tried in order and the first that holds decides: one whose conditions contradict each other, or contain all of an earlier group, never would.
 * Patterns are compared as text.
 */
const overlaps = (groups: readonly ConditionalGroup[]): readonly Finding[] => {
  const sets: ReadonlySet<string>[] = [];
  for (const [group, { conditions }] of groups.entries()) {
    const set = new Set<string>();
    for (const [index, condition] of conditions.entries()) {
      const path = `conditionalGroups.${group}.conditions.${index}`;
      const own = wordsOf(condition, condition.invertCondition);
      if (set.has(own)) return [fault(path, 'is in its group twice')];
      if (set.has(wordsOf(condition, !condition.invertCondition))) return [fault(path, 'contradicts another condition of its group')];
      set.add(own);
    }
    const earlier = sets.findIndex((other) => [...other].every((words) => set.has(words)));
    if (earlier >= 0) {
      const words = `never applies: group ${earlier} comes before it and holds whenever it does`;
      return [fault(`conditionalGroups.${group}.conditions`, words)];
    }
    sets.push(set);
  }
  return [];
};

/** One text for all spellings of a condition. */
const wordsOf = (
  { type, headerCondition, ipCondition, jwtClaimsCondition, queryParameterCondition }: Condition,
  isInverted: boolean,
): string => {
  const compared = {
    HEADERCONDITION: [headerCondition?.headerName.toLowerCase(), headerCondition?.headerValue],
    IPCONDITION:
      ipCondition?.ipConditionType === 'IPSPECIFIC'
        ? [keyOf(ipCondition.specificIP), keyOf(ipCondition.specificIP)]
        : [keyOf(ipCondition?.startingIP), keyOf(ipCondition?.endingIP)],
    JWTCLAIMSCONDITION: [jwtClaimsCondition?.claimUrl, jwtClaimsCondition?.attribute],
    QUERYPARAMETERCONDITION: [queryParameterCondition?.parameterName, queryParameterCondition?.parameterValue],
  }[type];
  return JSON.stringify([type, isInverted, ...compared]);
};
