import { removeHeader, setHeader } from '../front/headers.js';
import type { Answer } from '../mediation/flows.js';
import type { Message } from './message.js';
import { statusOf } from './transport-properties.js';
import { textOf } from './values.js';

/** By the codes of `reference/gateway.md` §11; a connection that was never made has no state. */
const PROTOCOL_STATES: Readonly<Record<string, string>> = {
  '101500': 'REQUEST_HEAD',
  '101504': 'REQUEST_DONE',
  '101505': 'REQUEST_DONE',
  '101506': 'RESPONSE_HEAD',
};

/** The gateway's own answer to a fault: what policies see of it as properties, and what becomes of it as they change those. */
export class FaultAnswer {
  private readonly parts: Readonly<Record<string, unknown>>;

  constructor(private readonly answer: Answer) {
    // Every fault of the gateway is JSON.
    this.parts = JSON.parse(answer.body?.toString() ?? '{}');
    // Whatever the policies answer has a type of its own.
    removeHeader(answer.headers, 'content-type');
  }

  /** Says what has failed (`reference/mediation.md` §6.3). */
  note(message: Message): void {
    const description = String(this.parts['description'] ?? '');
    message.set('default', 'ERROR_CODE', String(this.parts['code'] ?? '0'));
    message.set('default', 'ERROR_MESSAGE', description);
    this.noteTransport(message, String(this.parts['code']));
    for (const name of ['ERROR_DETAIL', 'ERROR_EXCEPTION'])
      if (message.get('default', name) === null) message.set('default', name, description);
  }

  /** How far the exchange with the backend had come, where that is what failed. */
  private noteTransport(message: Message, code: string): void {
    if (!/^101[05]\d\d$/.test(code)) return;
    message.set('default', 'BASE_ERROR_CODE', code);
    const state = PROTOCOL_STATES[code];
    if (state !== undefined) message.set('default', 'PROTOCOL_STATE_ON_FAILURE', state);
  }

  /** Writes the gateway's answer with the properties as they are. */
  render(message: Message): void {
    const property = (name: string): string => textOf(message.get('default', name));
    const title = property('CUSTOM_ERROR_MESSAGE');
    const body = {
      ...this.parts,
      code: property('CUSTOM_ERROR_CODE') || property('ERROR_CODE'),
      ...(title !== '' && { message: title }),
      description: property('ERROR_MESSAGE'),
    };
    this.answer.body = Buffer.from(JSON.stringify(body));
    this.answer.status = statusOf(message.get('default', 'CUSTOM_HTTP_SC')) ?? this.answer.status;
    setHeader(this.answer.headers, 'Content-Type', 'content-type', 'application/json');
  }
}
