import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import type { Condition, ConditionalGroup } from '../../../domain/conditional-groups.js';
import type { PolicyDocument } from '../../../domain/gateway-documents.js';
import { addressKey, isSameFamily } from '../../../domain/ip-address.js';
import type { Quota } from '../../../domain/throttling.js';
import type { FlatClaims } from '../credentials/caller-claims.js';
import type { Exchange } from '../exchange.js';
import type { ClientAddress } from '../front/client-address.js';
import { javaPattern } from '../sequences/java-pattern.js';

/** Which conditions are looked at besides those on addresses, as `[apim.throttling]` says. */
export interface ConditionSettings {
  readonly headers: boolean;
  readonly queryParameters: boolean;
  /** Of tokens for backends: there are none where those are switched off. */
  readonly claims: boolean;
}

/** A throttling policy, its conditions ready to be held against requests. */
export interface LinkedPolicy {
  readonly document: PolicyDocument;
  readonly groups: readonly LinkedGroup[];
}

export interface LinkedGroup {
  /** Made of its conditions alone: a group keeps its counters wherever it stands and whatever its quota becomes. */
  readonly id: string;
  readonly quota: Quota;
  readonly needsClaims: boolean;
  /** Whether the request meets all conditions. */
  holds(exchange: Exchange, claims: FlatClaims | null): boolean;
}

/** Whether a request meets a condition, inverted or not. */
type Test = (exchange: Exchange, claims: FlatClaims | null) => boolean;

interface LinkedCondition {
  /** What the condition is, as texts. */
  readonly identity: readonly string[];
  /** Null for a condition of a kind that is switched off. */
  readonly test: Test | null;
}

const ID_LENGTH = 12;

/** Makes policies ready. A group with a condition of a kind that is switched off takes no part, and so does one that cannot be used: `failed` is told why. */
export class PolicyLinker {
  constructor(
    private readonly settings: ConditionSettings,
    private readonly addressOf: ClientAddress,
    private readonly failed: (policy: PolicyDocument, error: string) => void,
  ) {}

  link(document: PolicyDocument): LinkedPolicy {
    const groups = (document.conditionalGroups ?? []).flatMap((group) => {
      try {
        return this.linkGroup(group);
      } catch (err) {
        this.failed(document, err instanceof Error ? err.message : String(err));
        return [];
      }
    });
    return { document, groups };
  }

  private linkGroup({ conditions, quota }: ConditionalGroup): readonly LinkedGroup[] {
    const linked = conditions.map((condition) => this.linkCondition(condition));
    const tests = linked.map(({ test }) => test);
    // Without a condition every request would be in it.
    if (tests.length === 0 || !tests.every((test) => test !== null)) return [];
    return [
      {
        id: createHash('sha256')
          .update(JSON.stringify(linked.map(({ identity }) => identity)))
          .digest('base64url')
          .slice(0, ID_LENGTH),
        quota,
        needsClaims: conditions.some(({ type }) => type === 'JWTCLAIMSCONDITION'),
        holds: (exchange, claims) => tests.every((test) => test(exchange, claims)),
      },
    ];
  }

  private linkCondition(condition: Condition): LinkedCondition {
    const { identity, test } = this.testOf(condition);
    const inverted: Test | null = test && condition.invertCondition ? (exchange, claims) => !test(exchange, claims) : test;
    return { identity: [condition.type, String(condition.invertCondition === true), ...identity], test: inverted };
  }

  private testOf(condition: Condition): LinkedCondition {
    switch (condition.type) {
      case 'IPCONDITION':
        return ofAddress(condition, this.addressOf);
      case 'HEADERCONDITION':
        return ofHeader(condition, this.settings.headers);
      case 'QUERYPARAMETERCONDITION':
        return ofQueryParameter(condition, this.settings.queryParameters);
      case 'JWTCLAIMSCONDITION':
        return ofClaim(condition, this.settings.claims);
    }
  }
}

const WITHOUT_VALUES = 'a condition has nothing to compare with';

const ofAddress = ({ ipCondition }: Condition, addressOf: ClientAddress): LinkedCondition => {
  if (ipCondition === undefined) throw new Error(WITHOUT_VALUES);
  const { ipConditionType, specificIP = '', startingIP = '', endingIP = '' } = ipCondition;
  const isRange = ipConditionType === undefined ? specificIP === '' : ipConditionType === 'IPRANGE';
  const [from, to] = isRange ? [startingIP.trim(), endingIP.trim()] : [specificIP.trim(), specificIP.trim()];
  const first = isIP(from) === 0 ? '' : addressKey(from);
  const last = isIP(to) === 0 ? '' : addressKey(to);
  if (first === '' || last === '' || !isSameFamily(first, last)) throw new Error(`'${from}' and '${to}' are not two addresses of one kind`);
  return {
    identity: [first, last],
    test: (exchange) => {
      const address = addressOf(exchange);
      // A connection that is gone by now has no address any more.
      if (isIP(address) === 0) return false;
      const key = addressKey(address);
      // Both ends are in it; keys of another family lie outside.
      return first <= key && key <= last;
    },
  };
};

const ofHeader = ({ headerCondition }: Condition, isOn: boolean): LinkedCondition => {
  if (headerCondition === undefined) throw new Error(WITHOUT_VALUES);
  const { headerName, headerValue } = headerCondition;
  const name = headerName.trim().toLowerCase();
  const matches = matcher(headerValue);
  const test: Test = ({ request }) => {
    const value = request.headers[name];
    return matches(Array.isArray(value) ? value.join(', ') : value);
  };
  return { identity: [name, headerValue], test: isOn ? test : null };
};

const ofQueryParameter = ({ queryParameterCondition }: Condition, isOn: boolean): LinkedCondition => {
  if (queryParameterCondition === undefined) throw new Error(WITHOUT_VALUES);
  const { parameterName, parameterValue } = queryParameterCondition;
  const matches = matcher(parameterValue);
  const test: Test = ({ request: { url = '' } }) => {
    const at = url.indexOf('?');
    return at >= 0 && new URLSearchParams(url.slice(at + 1)).getAll(parameterName).some(matches);
  };
  return { identity: [parameterName, parameterValue], test: isOn ? test : null };
};

const ofClaim = ({ jwtClaimsCondition }: Condition, isOn: boolean): LinkedCondition => {
  if (jwtClaimsCondition === undefined) throw new Error(WITHOUT_VALUES);
  const { claimUrl, attribute } = jwtClaimsCondition;
  const matches = matcher(attribute);
  const test: Test = (_, claims) => matches(claims?.get(claimUrl));
  return { identity: [claimUrl, attribute], test: isOn ? test : null };
};

/** Values are patterns that match anywhere; what is empty or not there matches none. */
const matcher = (expression: string): ((value: string | undefined) => boolean) => {
  const pattern = javaPattern(expression);
  return (value) => value !== undefined && value !== '' && pattern.finds(value);
};
