import { jwtClaimBasedAccessValidator } from './claim-access.js';
import { applyAcceptHeader, jsonToXmlPolicy, preserveAcceptHeader, xmlToJsonPolicy } from './conversion-policies.js';
import { validateCsrfCookie } from './csrf-cookie.js';
import { debugJsonFault, jsonFault } from './fault-policies.js';
import type { BuiltInPolicy } from './flows.js';
import { addHeader, removeHeaderPolicy } from './header-policies.js';
import { jsonValidator } from './json-threats.js';
import { addLogMessage, debugRequestFlow, debugResponseFlow } from './log-policies.js';
import { revokeOneTimeToken } from './one-time-tokens.js';
import { opaPolicy } from './opa/opa-policy.js';
import { regexPolicy } from './regex-threats.js';
import { addQueryParam, changeHttpMethod, disableChunking, rewriteResourcePath, setToHeader } from './target-policies.js';
import { xmlValidator } from './xml-threats.js';

/** The shipped policies that this gateway runs, by name and version. */
export const BUILT_IN: ReadonlyMap<string, BuiltInPolicy> = new Map([
  ['addHeader v3', addHeader],
  ['removeHeader v2', removeHeaderPolicy],
  ['addQueryParam v1', addQueryParam],
  ['rewriteResourcePath v3', rewriteResourcePath],
  ['changeHTTPMethod v1', changeHttpMethod],
  ['disableChunking v1', disableChunking],
  ['setToHeader v2', setToHeader],
  ['addLogMessage v2', addLogMessage],
  ['debugRequestFlow v2', debugRequestFlow],
  ['debugResponseFlow v2', debugResponseFlow],
  ['jsonToXML v1', jsonToXmlPolicy],
  ['xmlToJson v1', xmlToJsonPolicy],
  ['preserveAcceptHeader v1', preserveAcceptHeader],
  ['applyAcceptHeader v1', applyAcceptHeader],
  ['regexPolicy v1', regexPolicy],
  ['jsonValidator v1', jsonValidator],
  ['xmlValidator v1', xmlValidator],
  ['jwtClaimBasedAccessValidator v1', jwtClaimBasedAccessValidator],
  ['validateCsrfCookie v1', validateCsrfCookie],
  ['revokeOneTimeToken v1', revokeOneTimeToken],
  ['opaPolicy v1', opaPolicy],
  ['jsonFault v1', jsonFault],
  ['debugJsonFault v1', debugJsonFault],
]);
