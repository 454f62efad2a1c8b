import { BUILT_IN } from '../../mediation/built-in.js';
import type { MediatorCompiler } from '../compiler.js';
import type { FlowMessage, Step } from '../flow-message.js';
import type { Expression } from '../message.js';
import type { PolicyElement } from '../read-document.js';
import { textOf } from '../values.js';
import { regularExpressionProtector, xmlSchemaValidator } from './threat-classes.js';

const PREFIX = 'org.wso2.carbon.apimgt.gateway.mediators.';

/** What a class of the product is here: a policy that the gateway has built in, and the properties it reads (`reference/mediation.md` §8). */
const CLASSES: ReadonlyMap<string, readonly [policy: string, properties: readonly string[]]> = new Map([
  [
    'JsonSchemaValidator',
    ['jsonValidator v1', ['maxPropertyCount', 'maxStringLength', 'maxArrayElementCount', 'maxKeyLength', 'maxJsonDepth']],
  ],
  [
    'ClaimBasedResourceAccessValidationMediator',
    [
      'jwtClaimBasedAccessValidator v1',
      ['accessVerificationClaim', 'accessVerificationClaimValue', 'accessVerificationClaimValueRegex', 'shouldAllowValidation'],
    ],
  ],
  ['OneTimeTokenRevocationMediator', ['revokeOneTimeToken v1', ['scope']]],
  ['CrossSiteRequestForgeryValidationMediator', ['validateCsrfCookie v1', ['csrfCookieName']]],
]);

/** Classes that have options of their own. */
const THREATS: ReadonlyMap<string, () => Step> = new Map([
  ['RegularExpressionProtector', regularExpressionProtector],
  ['XMLSchemaValidator', xmlSchemaValidator],
]);

/** Runs what the product has a class for. Other classes are code of a machine that is not here. */
export const classMediator: MediatorCompiler = (element, compiler) => {
  const name = compiler.attribute(element, 'name');
  const threat = name.startsWith(PREFIX) ? THREATS.get(name.slice(PREFIX.length)) : undefined;
  if (threat !== undefined) {
    compiler.onlyChildren(element, 'property');
    compiler.usesPayload = true;
    return threat();
  }
  if (name === `${PREFIX}TokenPasser`) {
    if (!compiler.hasBackendJwts)
      compiler.refuse(
        element,
        'it passes on the token by which backends know who calls, which this server does not make: see [apim.jwt] enable',
      );
    compiler.onlyChildren(element, 'property');
    return (message) => message.passToken();
  }
  const known = name.startsWith(PREFIX) ? CLASSES.get(name.slice(PREFIX.length)) : undefined;
  if (known === undefined) {
    if (name.startsWith('org.wso2.apim.policies.mediation.ai.') || /\.(?:RoundRobin|WeightedRoundRobin|Failover)Mediator$/.test(name))
      compiler.refuse(element, `the class '${name}' is not supported yet`);
    return compiler.refuse(element, `the class '${name}' is never supported: it would need a Java machine`);
  }
  const [policy, properties] = known;
  if (!BUILT_IN.has(policy)) compiler.refuse(element, `the class '${name}' is not supported yet`);
  compiler.onlyChildren(element, 'property');
  const options = element.children.map((child): [string, (message: FlowMessage) => string] => {
    const option = compiler.attribute(child, 'name');
    const literal = child.attributes.get('value');
    if (literal !== undefined) return [option, () => literal];
    const expression: Expression = compiler.expression(child, 'expression');
    return [option, (message) => expression.text(message)];
  });
  compiler.usesPayload = true;
  return (message) => {
    const parameters: Record<string, unknown> = {};
    for (const property of properties) {
      const value = message.get('default', property);
      if (value !== null) parameters[property] = textOf(value);
    }
    for (const [option, value] of options) parameters[option] = value(message);
    return message.runNative(policy, parameters);
  };
};

const OPA = 'opaPolicy v1';
const OPA_OPTIONS: readonly string[] = ['serverUrl', 'accessKey', 'policy', 'rule', 'requestGenerator', 'additionalParameters'];

/** Asks a policy server, as the shipped policy does. */
export const opa: MediatorCompiler = (element, compiler) => {
  if (!BUILT_IN.has(OPA)) compiler.refuse(element, 'opa is not supported yet');
  compiler.onlyChildren(element, ...OPA_OPTIONS);
  const child = (name: string): PolicyElement | undefined => element.children.find((other) => other.name === name);
  const generator = child('requestGenerator');
  const isKnown = generator === undefined || /(?:^|\.)OPASynapseRequestGenerator$|^$/.test(generator.text.trim());
  if (generator !== undefined && !isKnown)
    compiler.refuse(generator, `the request generator '${generator.text.trim()}' is never supported`);
  const parameters: Record<string, unknown> = {};
  for (const name of ['serverUrl', 'accessKey', 'policy', 'rule']) {
    const text = child(name)?.text.trim();
    if (text !== undefined && text !== '') parameters[name] = text;
  }
  for (const parameter of child('additionalParameters')?.children ?? [])
    parameters[compiler.attribute(parameter, 'name')] = parameter.text.trim();
  compiler.usesPayload = true;
  return (message) => message.runNative(OPA, parameters);
};
