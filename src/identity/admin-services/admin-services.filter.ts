import { Catch, Injectable } from '@nestjs/common';
import type { Response } from 'express';
import type { Problem } from '../../domain/problem.js';
import { ProblemFilter } from '../../platform/http/problem.filter.js';
import { Log } from '../../platform/logging/log.js';
import { EmailEmpty, EmailIllegalCharacters, EmailInvalid } from '../tenants/tenants.problems.js';
import { AdminServices, SOAP_TYPE } from './admin-services.js';
import { FAULT_CODES } from './admin-services.problems.js';
import { faultOf } from './soap-message.js';

/** These tell HTTP something; with all other faults the status is 500 (SOAP 1.1 §6.2). */
const OWN_STATUSES = new Set([401, 413, 415, 429]);
/** Of these the product tells the title. */
const TOLD_BY_TITLE = new Set([EmailEmpty.code, EmailIllegalCharacters.code, EmailInvalid.code]);

/** Failures as SOAP 1.1 faults. */
@Injectable()
@Catch()
export class AdminServicesFilter extends ProblemFilter {
  constructor(
    private readonly services: AdminServices,
    log: Log,
  ) {
    super(log);
  }

  protected override write(response: Response, failure: Problem): void {
    const service = this.services.of(response.req);
    const { status, code, title, description } = failure;
    const isOfMessage = FAULT_CODES.has(title);
    const fault = faultOf({
      code: isOfMessage ? title : 'soapenv:Server',
      text: TOLD_BY_TITLE.has(code) ? title : description || title,
      ...(!isOfMessage && { detail: { namespace: service.namespace, name: service.exception } }),
    });
    if (status === 401) response.setHeader('WWW-Authenticate', 'Basic realm="Gatehouse"');
    response
      .status(OWN_STATUSES.has(status) ? status : 500)
      .setHeader('Content-Type', SOAP_TYPE)
      .end(fault);
  }
}
