import { faultEnvelope } from '../front/soap-faults.js';
import type { FlowMessage, Step } from './flow-message.js';
import type { Json, Message } from './message.js';
import { textOf } from './values.js';
import { parseXml } from './xml-text.js';

const said = (message: Message, name: string): string => textOf(message.get('default', name));

interface Body {
  readonly [part: string]: Json;
}

interface SoapParts {
  readonly code: 'Client' | 'Server';
  readonly reason: string;
  readonly detail: string | null;
}

/** How an answer is told in SOAP (`reference/gateway.md` §10); null: as JSON, whoever asks. */
type SoapForm = ((body: Body) => SoapParts) | null;

const part = (body: Body, name: string): string => String(body[name] ?? '');
const asReport: SoapForm = (body) => ({ code: 'Server', reason: part(body, 'description'), detail: null });
const asThrottling: SoapForm = (body) => ({ code: 'Server', reason: part(body, 'message'), detail: part(body, 'description') });
const asAuthentication: SoapForm = (body) => ({ code: 'Client', reason: 'Authentication Failure', detail: part(body, 'message') });

/** What an answer of the gateway says of the failure, and the status it has unless a property gives it one. */
const answering =
  (status: number, bodyOf: (message: Message) => Body, inSoap: SoapForm = null): Step =>
  (message: FlowMessage) => {
    const body = bodyOf(message);
    if (message.isSoap && inSoap !== null) {
      const { code, reason, detail } = inSoap(body);
      message.payload.setXml(parseXml(faultEnvelope(code, reason, detail)).documentElement);
      message.set('axis2', 'messageType', 'text/xml');
    } else {
      message.payload.setJson(body);
      message.set('axis2', 'messageType', 'application/json');
    }
    message.remove('axis2', 'NO_ENTITY_BODY');
    const wanted = message.get('default', 'CUSTOM_HTTP_SC') ?? message.get('default', 'HTTP_RESPONSE_STATUS_CODE');
    message.set('axis2', 'HTTP_SC', wanted ?? status);
    message.ending = { kind: 'respond' };
    return 'stop';
  };

const general =
  (code: string, title: string) =>
  (message: Message): Body => ({
    code: said(message, 'ERROR_CODE') || code,
    type: 'Status report',
    message: said(message, 'CUSTOM_ERROR_MESSAGE') || title,
    description: said(message, 'ERROR_MESSAGE'),
  });

const failure = (message: Message): Body => ({
  code: said(message, 'ERROR_CODE'),
  message: said(message, 'ERROR_MESSAGE'),
  description: said(message, 'ERROR_DETAIL'),
});

const threat = (message: Message): Body => ({
  code: said(message, 'THREAT_CODE') || '400',
  message: said(message, 'THREAT_MSG') || 'Bad Request',
  description: said(message, 'THREAT_DESC'),
});

const keyError = (description: string) => (): Body => ({ code: '900901', type: 'Status report', message: 'Runtime Error', description });

/** Sequences that policies may call by their key (`reference/mediation.md` §3.7). Their bodies are those of `reference/gateway.md` §10. */
export const KNOWN_SEQUENCES: ReadonlyMap<string, Step> = new Map<string, Step>([
  ['fault', answering(500, general('500', 'Runtime Error'), asReport)],
  ['_auth_failure_handler_', answering(401, failure, asAuthentication)],
  ['_backend_failure_handler_', answering(500, failure, asAuthentication)],
  ['_throttle_out_handler_', answering(429, failure, asThrottling)],
  ['_threat_fault_', answering(400, threat)],
  ['_token_fault_', answering(500, general('500', 'Runtime Error'), asReport)],
  ['_graphql_failure_handler_', answering(422, failure)],
  ['_resource_mismatch_handler_', answering(404, general('404', 'Runtime Error'), asReport)],
  ['_production_key_error_', answering(403, keyError('Production key offered to the API with no production endpoint'), asReport)],
  ['_sandbox_key_error_', answering(403, keyError('Sandbox key offered to the API with no sandbox endpoint'), asReport)],
  [
    '_opa_policy_failure_handler_',
    answering(401, (message) => ({ code: said(message, 'ERROR_CODE'), message: said(message, 'ERROR_MESSAGE') }), asAuthentication),
  ],
  ['_mcp_failure_handler_', answering(500, failure)],
  [
    'guardrail_fault',
    answering(446, (message) => ({
      code: said(message, 'ERROR_CODE') || '900514',
      type: said(message, 'ERROR_TYPE'),
      message: said(message, 'ERROR_MESSAGE'),
    })),
  ],
  // The gateway adds the headers of cross-origin rules to every answer by itself.
  ['_cors_request_handler_', () => 'continue'],
  ['_extension_fault_handler_', () => 'continue'],
  [
    '_build_',
    (message) => {
      message.payload.build();
      return 'continue';
    },
  ],
]);
