import { Inject, Injectable, Optional } from '@nestjs/common';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import type { NextFunction, Request, Response } from 'express';
import { problem, Unauthenticated } from '../domain/problem.js';
import { isAdmin, type User } from '../domain/user.js';
import { answerJson } from '../keys/edge/oauth-answer.js';
import { Accounts } from '../platform/auth/accounts.js';
import { CallerResolver } from '../platform/auth/caller-resolver.js';
import { StartError } from '../platform/config/config-error.js';
import { ResourceAccessControlConfig, ResourceConfig } from '../platform/config/sections/access-control.config.js';
import { Log } from '../platform/logging/log.js';
import { type AccessRule, accessRules, ruleFor } from './access-rules.js';
import { type DeclaredResource, takes } from './declared-resource.js';
import { checkedRules } from './impossible-rules.js';

const Closed = problem(403, 403, 'Forbidden', 'The configuration of this server closes the resource');
const NotEntitled = problem(
  403,
  403,
  'Forbidden',
  'The configuration of this server demands scopes or permissions that the caller does not have',
);

/** Answer in a form of their own: OAuth (RFC 6749 §5.2), and the identity interfaces, without words (`reference/identity.md` §2 and §3). */
const OAUTH = /^(?:\/t\/[^/]+)?\/(?:oauth2|oidc)\//;
const IDENTITY = /^(?:\/t\/[^/]+)?\/(?:scim2|api\/identity|api\/server)\//;

/** The rules of `[[resource.access_control]]`, ahead of everything that answers: they close what is open, and never open what is closed. */
@Injectable()
export class AccessControl {
  resources: readonly DeclaredResource[] = [];
  private readonly rules: readonly AccessRule[];

  /** @throws StartError for rules that cannot be honoured whatever the resources. */
  constructor(
    config: ResourceConfig,
    { defaultAccessAllow }: ResourceAccessControlConfig,
    private readonly log: Log,
    @Optional() @Inject(CallerResolver) private readonly callers: CallerResolver | null,
    @Optional() @Inject(Accounts) private readonly accounts: Accounts | null,
  ) {
    if (defaultAccessAllow)
      throw new StartError(
        'resource_access_control.default_access_allow = true cannot be honoured: every operation says itself who may call it; open single ones by [[resource.access_control]]',
      );
    this.rules = accessRules(config.accessControl);
  }

  /** Whether there is anything to look at. */
  get isOn(): boolean {
    return this.rules.length > 0;
  }

  /** Takes what the server serves, once that is known. @throws StartError for rules that cannot be honoured. */
  begin(resources: readonly DeclaredResource[]): void {
    this.resources = resources;
    for (const warning of checkedRules(this.rules, resources, this.callers !== null)) this.log.warn(warning);
  }

  /** The rule about a resource, in the words of messages; null for none. */
  ruleOf(method: string, path: string): string | null {
    return ruleFor(this.rules, method, path)?.name ?? null;
  }

  /** Middleware, behind the one that spells paths. */
  readonly check = (request: Request, response: Response, next: NextFunction): void => {
    const rule = ruleFor(this.rules, request.method, request.path);
    if (rule === undefined) next();
    else this.apply(rule, request, response).then((isAnswered) => isAnswered || next(), next);
  };

  private async apply(rule: AccessRule, request: Request, response: Response): Promise<boolean> {
    if (rule.isDenied) return refused(request, response, Closed());
    if (!rule.isSecure || this.guardsItself(request)) return false;
    const caller = await this.callers?.callerOf(new ExecutionContextHost([request, response]));
    if (!caller) return refused(request, response, Unauthenticated());
    return (await this.isEntitled(caller, rule)) ? false : refused(request, response, NotEntitled());
  }

  /** Whether the resource asks for a credential that is no user's. */
  private guardsItself({ method, path }: Request): boolean {
    return this.resources.some((resource) => resource.access === 'own' && takes(resource, method, path));
  }

  private async isEntitled(caller: User, { scopes, permissions }: AccessRule): Promise<boolean> {
    if (!scopes.every((scope) => caller.scopes.has(scope))) return false;
    if (permissions.length === 0 || isAdmin(caller)) return true;
    const held = (await this.accounts?.permissionsOf(caller.organization, caller.roles)) ?? [];
    return permissions.every((permission) => held.some((one) => permission === one || permission.startsWith(`${one.replace(/\/$/, '')}/`)));
  }
}

const refused = (request: Request, response: Response, failure: ReturnType<typeof Closed>): true => {
  // What is left of a body that was not read to its end would be taken for the next request.
  if (!request.complete) response.setHeader('Connection', 'close');
  if (failure.status === 401) response.setHeader('WWW-Authenticate', 'Basic realm="gatehouse", Bearer realm="gatehouse"');
  if (OAUTH.test(request.path)) answerJson(response, failure.status, { error: 'access_denied', error_description: failure.description });
  else if (IDENTITY.test(request.path)) response.status(failure.status).end();
  else throw failure;
  return true;
};
