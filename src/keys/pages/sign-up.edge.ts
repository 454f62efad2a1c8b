import type { IncomingMessage, ServerResponse } from 'node:http';
import { Injectable, type NestMiddleware } from '@nestjs/common';
import { SUPER_TENANT } from '../../domain/organization.js';
import { Problem } from '../../domain/problem.js';
import { SignUpService } from '../../identity/sign-up/sign-up.service.js';
import { LOCAL_DIALECT } from '../../identity/users/user-rules.js';
import { Log } from '../../platform/logging/log.js';
import { notesRoute } from '../../platform/origin/origin.js';
import { formParameters, type OAuthParameters, readParameters, single } from '../edge/oauth-body.js';
import { OAuthError, ServerError } from '../oauth-error.js';
import { answerPage } from './page.js';
import { messagePageOf } from './sign-in-pages.js';
import { SIGN_UP_PATH, type SignUpFacts, signedUpPageOf, signUpPageOf } from './sign-up-page.js';

const CLAIMS = ['givenname', 'lastname', 'emailaddress'] as const;
const CLOSED = messagePageOf('Nobody can sign up here', 'Please ask your administrator for an account.');

/** The page on which people make their own account: a form without scripts, and its answer. */
@Injectable()
export class SignUpEdge implements NestMiddleware {
  constructor(
    private readonly signUps: SignUpService,
    private readonly log: Log,
  ) {}

  use(request: IncomingMessage & { originalUrl?: string }, response: ServerResponse): void {
    notesRoute(SIGN_UP_PATH);
    this.answer(request, response).catch((err: unknown) => {
      if (response.headersSent || (request.destroyed && !request.complete)) {
        response.destroy();
        return;
      }
      if (!(err instanceof OAuthError)) this.log.error({ err }, 'the sign-up page failed');
      const failure = err instanceof OAuthError ? err : ServerError();
      if (!request.complete) response.setHeader('Connection', 'close'); // the rest of the body would be taken for the next request
      answerPage(response, failure.statusCode, messagePageOf('This did not work', failure.error_description, failure.error));
    });
  }

  private async answer(request: IncomingMessage & { originalUrl?: string }, response: ServerResponse): Promise<void> {
    const [, query = ''] = (request.originalUrl ?? request.url ?? '').split('?', 2);
    if (request.method === 'POST') return this.submit(request, response);
    const facts = factsOf(formParameters(query));
    if (!(await this.signUps.isOpen(facts.organization))) return answerPage(response, 404, CLOSED);
    answerPage(response, 200, signUpPageOf(facts));
  }

  private async submit(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parameters = await readParameters(request);
    const facts = factsOf(parameters);
    // Another site may not fill in the form for somebody; browsers say where a form comes from.
    if (request.headers['sec-fetch-site'] === 'cross-site') return answerPage(response, 403, signUpPageOf(facts));
    const claims = Object.fromEntries(
      CLAIMS.flatMap((claim) => {
        const value = single(parameters, claim);
        return value ? [[`${LOCAL_DIALECT}${claim}`, value]] : [];
      }),
    );
    try {
      const password = single(parameters, 'password') ?? '';
      const outcome = await this.signUps.signUp(facts.organization, { name: facts.username, password, claims });
      answerPage(response, 200, signedUpPageOf(facts.organization, facts.key, outcome === 'pending'));
    } catch (err) {
      if (!(err instanceof Problem)) throw err;
      for (const [name, value] of Object.entries(err.headers)) response.setHeader(name, value);
      answerPage(response, err.status, signUpPageOf({ ...facts, failure: err.description }));
    }
  }
}

const factsOf = (parameters: OAuthParameters): SignUpFacts => ({
  organization: single(parameters, 'tenantDomain') || SUPER_TENANT,
  key: single(parameters, 'sessionDataKey') ?? '',
  failure: undefined,
  username: single(parameters, 'username') ?? '',
  givenName: single(parameters, 'givenname') ?? '',
  lastName: single(parameters, 'lastname') ?? '',
  email: single(parameters, 'emailaddress') ?? '',
});
