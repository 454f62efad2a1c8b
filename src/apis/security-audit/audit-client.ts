import { Injectable } from '@nestjs/common';
import { type Fetched, Outbound, OutboundError } from '../../platform/outbound/outbound.js';
import { type AuditReport, type AuditService, externalIdOf, reportOf } from './audit-service.js';
import { AuditFailed } from './security-audit.problems.js';

const ANSWER_BYTES_MAX = 20 * 1_048_576;
const NOT_FOUND = 404;

/** A definition as it is sent. */
export interface AuditedDefinition {
  readonly name: string;
  /** JSON text. */
  readonly content: string;
}

/** Speaks with the audit service. Every method throws AuditFailed (400) when the service does not do what it is asked. */
@Injectable()
export class AuditClient {
  constructor(private readonly outbound: Outbound) {}

  /** Makes the definition known to the service; its name there. */
  async add(service: AuditService, definition: AuditedDefinition): Promise<string> {
    const answer = await this.send(service, '', { method: 'POST', form: formOf(service, definition) });
    const id = externalIdOf(bodyOf(answer));
    if (id === undefined) throw AuditFailed(`it answered ${answer.status} to a new definition`);
    return id;
  }

  /** Replaces the definition; false when the service does not know it any more. */
  async replace(service: AuditService, id: string, definition: AuditedDefinition): Promise<boolean> {
    const answer = await this.send(service, `/${encodeURIComponent(id)}`, { method: 'PUT', form: formOf(service, definition) });
    if (answer.status === NOT_FOUND) return false;
    if (answer.status >= 300) throw AuditFailed(`it answered ${answer.status} to a changed definition`);
    return true;
  }

  async report(service: AuditService, id: string): Promise<AuditReport> {
    const answer = await this.send(service, `/${encodeURIComponent(id)}/assessmentreport`, { method: 'GET' });
    const report = answer.status === 200 ? reportOf(bodyOf(answer)) : undefined;
    if (report === undefined) throw AuditFailed(`it answered ${answer.status} without a report`);
    return report;
  }

  private async send(
    { baseUrl, apiToken }: AuditService,
    path: string,
    request: { readonly method: 'GET' | 'POST' | 'PUT'; readonly form?: FormData },
  ): Promise<Fetched> {
    const headers = { accept: 'application/json', 'x-api-key': apiToken, 'user-agent': 'WSO2-APIM' };
    try {
      return await this.outbound.send(baseUrl.replace(/\/$/, '') + path, { ...request, headers }, ANSWER_BYTES_MAX);
    } catch (err) {
      if (err instanceof OutboundError) throw AuditFailed('it cannot be reached');
      throw err;
    }
  }
}

const formOf = ({ collectionId }: AuditService, { name, content }: AuditedDefinition): FormData => {
  const form = new FormData();
  form.append('specfile', new Blob([content], { type: 'application/json' }), 'swagger.json');
  form.append('name', name);
  form.append('cid', collectionId);
  return form;
};

const bodyOf = ({ status, body }: Fetched): unknown => {
  if (status >= 300) return undefined;
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined; // whoever asks says what is wrong with it
  }
};
