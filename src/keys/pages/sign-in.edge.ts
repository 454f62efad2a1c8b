import type { IncomingMessage, ServerResponse } from 'node:http';
import { Injectable, type NestMiddleware } from '@nestjs/common';
import { shownName } from '../../domain/organization.js';
import { ConsumerOrganizationsService } from '../../identity/consumer-organizations/consumer-organizations.service.js';
import { SignUpService } from '../../identity/sign-up/sign-up.service.js';
import { Log } from '../../platform/logging/log.js';
import { notesRoute } from '../../platform/origin/origin.js';
import { Authorizations, stepTo } from '../authorize/authorizations.js';
import { ConsentSteps } from '../authorize/consent-steps.js';
import { LoginSteps } from '../authorize/login-steps.js';
import { retryPage } from '../authorize/page-urls.js';
import { SignIns } from '../authorize/sign-ins.js';
import { userCodeOf } from '../device/device-request.js';
import { formParameters, type OAuthParameters, readParameters, single } from '../edge/oauth-body.js';
import { KeyManagerUrls } from '../key-manager-urls.js';
import { MethodNotAllowed, NoSuchEndpoint, OAuthError, ServerError } from '../oauth-error.js';
import { IdentityProviders } from '../outside-sign-in/identity-providers.js';
import { OutsideSignIns } from '../outside-sign-in/outside-sign-ins.js';
import { answerStep } from './answer-step.js';
import { FURTHER_PAGES } from './further-pages.js';
import { answerPage } from './page.js';
import { errorPageOf, loginFailureOf, RETRY } from './refusals.js';
import { consentPageOf, formPageOf, loginPageOf, messagePageOf } from './sign-in-pages.js';
import { signUpUrl } from './sign-up-page.js';

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly parameters: OAuthParameters;
}

type Answer = (exchange: Exchange) => Promise<void>;

/** The pages of the sign-in, and the form of the login page: what people see, as pages also where it is refused (`reference/identity.md` §6). */
@Injectable()
export class SignInEdge implements NestMiddleware {
  private readonly forms: ReadonlyMap<string, Answer> = new Map([['/commonauth', (exchange) => this.submit(exchange)]]);
  private readonly pages: ReadonlyMap<string, Answer> = new Map<string, Answer>([
    ['/commonauth', (exchange) => this.outside(exchange)],
    ...[...FURTHER_PAGES].map(([path, page]): [string, Answer] => [
      path,
      async ({ response, parameters }) => answerPage(response, 200, page(parameters)),
    ]),
    ['/authenticationendpoint/login.do', (exchange) => this.login(exchange)],
    ['/authenticationendpoint/oauth2_consent.do', (exchange) => this.consent(exchange)],
    ['/authenticationendpoint/oauth2_authz.do', (exchange) => this.consent(exchange)],
    ['/authenticationendpoint/oauth2_error.do', async (exchange) => this.error(exchange)],
    ['/authenticationendpoint/retry.do', async ({ response }) => answerPage(response, 200, messagePageOf(RETRY.title, RETRY.text))],
  ]);

  constructor(
    private readonly logins: LoginSteps,
    private readonly consents: ConsentSteps,
    private readonly outsiders: OutsideSignIns,
    private readonly providers: IdentityProviders,
    private readonly signIns: SignIns,
    private readonly authorizations: Authorizations,
    private readonly organizations: ConsumerOrganizationsService,
    private readonly signUps: SignUpService,
    private readonly urls: KeyManagerUrls,
    private readonly log: Log,
  ) {}

  /** What it answers. */
  get resources(): readonly { readonly method: string; readonly path: string }[] {
    const of = (method: string, paths: Iterable<string>) => Array.from(paths, (path) => ({ method, path }));
    return [...of('GET', this.pages.keys()), ...of('POST', this.forms.keys())];
  }

  use(request: IncomingMessage & { originalUrl?: string }, response: ServerResponse): void {
    const [path = '', query = ''] = (request.originalUrl ?? request.url ?? '').split('?', 2);
    this.answer(request, response, path, query).catch((err: unknown) => this.refuse(request, response, err));
  }

  private async answer(request: IncomingMessage, response: ServerResponse, path: string, query: string): Promise<void> {
    const [form, page] = [this.forms.get(path), this.pages.get(path)];
    if (!form && !page) throw NoSuchEndpoint();
    notesRoute(path);
    const isPost = request.method === 'POST';
    if (form && isPost) return form({ request, response, parameters: await readParameters(request) });
    if (page && request.method === 'GET') return page({ request, response, parameters: formParameters(query) });
    response.setHeader('Allow', [...(page ? ['GET'] : []), ...(form ? ['POST'] : [])].join(', '));
    throw MethodNotAllowed();
  }

  private async submit({ request, response, parameters }: Exchange): Promise<void> {
    if (parameters['SAMLResponse'] !== undefined) return this.samlResponse({ request, response, parameters });
    answerStep(response, await this.logins.submit(request, parameters), this.urls.base);
  }

  /** To an identity provider, and back from one that answers in the address. */
  private async outside({ request, response, parameters }: Exchange): Promise<void> {
    const state = single(parameters, 'state');
    if (state === undefined && parameters['idp'] === undefined) {
      response.setHeader('Allow', 'POST'); // all that is left is the form of the login page
      throw MethodNotAllowed();
    }
    const step =
      state === undefined ? await this.outsiders.begin(request, parameters) : await this.outsiders.finish(request, state, parameters);
    answerStep(response, step, this.urls.base);
  }

  /** Browsers send no cookie of ours along when another site posts: our own page posts the response once more. */
  private async samlResponse({ request, response, parameters }: Exchange): Promise<void> {
    const [text, state] = [single(parameters, 'SAMLResponse') ?? '', single(parameters, 'RelayState') ?? ''];
    if (parameters['posted'] === undefined) {
      const fields = { SAMLResponse: text, RelayState: state, posted: 'again' };
      return answerPage(response, 200, formPageOf('/commonauth', fields));
    }
    answerStep(response, await this.outsiders.finish(request, state, parameters), this.urls.base);
  }

  private async login({ response, parameters }: Exchange): Promise<void> {
    const signIn = await this.signIns.find(single(parameters, 'sessionDataKey') ?? '');
    const asked = signIn && (await this.authorizations.reopen(signIn));
    if (!signIn || !asked) return answerStep(response, stepTo(retryPage()), this.urls.base);
    const failure = parameters['authFailure'] === 'true' ? loginFailureOf(single(parameters, 'authFailureMsg')) : undefined;
    const page = loginPageOf({
      client: asked.client,
      key: signIn.key,
      failure,
      hint: signIn.parameters['login_hint'] ?? '',
      providers: this.providers.offeredBy(asked.client),
      signUpUrl: (await this.signUps.isOpen(asked.client.organization)) ? signUpUrl(asked.client.organization, signIn.key) : undefined,
    });
    answerPage(response, 200, page);
  }

  private async consent({ request, response, parameters }: Exchange): Promise<void> {
    const open = await this.consents.open(request, single(parameters, 'sessionDataKeyConsent') ?? '');
    if (!open) return answerStep(response, stepTo(retryPage()), this.urls.base);
    const { consent, asked, session } = open;
    const { name } = await this.organizations.informationOf(session.account);
    const page = consentPageOf({
      client: asked.client,
      key: consent.key,
      user: shownName(session.account),
      organizationName: name,
      scopes: consent.scopes,
      userCode: userCodeOf(consent.parameters),
    });
    answerPage(response, 200, page);
  }

  private error({ response, parameters }: Exchange): void {
    answerPage(response, 400, errorPageOf(single(parameters, 'oauthErrorCode'), single(parameters, 'oauthErrorMsg')));
  }

  private refuse(request: IncomingMessage, response: ServerResponse, err: unknown): void {
    if (response.headersSent || (request.destroyed && !request.complete)) {
      response.destroy();
      return;
    }
    if (!(err instanceof OAuthError)) this.log.error({ err, method: request.method }, 'a sign-in page failed');
    const failure = err instanceof OAuthError ? err : ServerError();
    if (!request.complete) response.setHeader('Connection', 'close'); // the rest of the body would be taken for the next request
    answerPage(response, failure.statusCode, messagePageOf('This did not work', failure.error_description, failure.error));
  }
}
