import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type Api, type ApiDetails, type ApiType, invocationPath, shownContext } from '../domain/api.js';
import { parseUserName, shownName } from '../domain/organization.js';
import { Conflict, Forbidden, found, type ProblemKind } from '../domain/problem.js';
import { ASYNC_DEFAULT_SUBSCRIPTIONLESS, DEFAULT_SUBSCRIPTIONLESS, isSubscriptionlessPolicy } from '../domain/subscriptionless.js';
import { isAdmin, type User } from '../domain/user.js';
import { UsersService } from '../identity/users/users.service.js';
import { ApimConfig } from '../platform/config/sections/apim.config.js';
import { Secrets } from '../platform/crypto/secrets.js';
import { Transactions } from '../platform/database/transactions.js';
import { SubscriptionReads } from '../subscriptions/subscription-reads.js';
import { SubscriptionRemovals } from '../subscriptions/subscription-removals.js';
import { ThrottlingPoliciesService } from '../throttling/throttling-policies.service.js';
import { ApiEntity } from './api.entity.js';
import { ApiChecks } from './api-checks.js';
import { type ApiContent, type ContentDefaults, contentOf, type DefinedContent, definedContent } from './api-content.js';
import { checkGatewayType, contextTemplateOf, NAME_MAX, nameOf } from './api-rules.js';
import { ApiScopes } from './api-scopes.js';
import { ApiWriter } from './api-writer.js';
import { toApiDto } from './apis.mapper.js';
import {
  ApiNotFound,
  AsyncNotCreatable,
  InvalidGatewayType,
  InvalidRoles,
  NameTooLong,
  NoOperations,
  ProviderUnknown,
} from './apis.problems.js';
import { ApisForChange, maySee } from './apis-for-change.js';
import type { Definition, DefinitionSource } from './definitions/definition.js';
import { Definitions } from './definitions/definitions.service.js';
import type { OpenApiVersion } from './definitions/write-openapi.js';
import type { APIDto } from './dto/api.dto.js';
import { editInScope } from './edit-scope.js';
import { sealSecrets } from './endpoint-config.js';
import { DeployedApis } from './revisions/deployed-apis.js';

const SYNAPSE = 'wso2/synapse';
/** Types whose definition is an OpenAPI document (`reference/publisher.md` §2). */
const OPENAPI_TYPES: readonly ApiType[] = ['HTTP', 'SOAP', 'SOAPTOREST'];
const ASYNC_TYPES: readonly ApiType[] = ['WS', 'SSE', 'WEBSUB', 'WEBHOOK', 'ASYNC'];

/** How a new API starts. */
export interface Beginning {
  /** The definition it is made from; without one it gets a generated document of this version. */
  readonly definition?: Definition;
  readonly openApiVersion?: OpenApiVersion;
  /** What is thrown for a name that is too long. */
  readonly nameTooLong?: ProblemKind;
}

/** The APIs of the publisher. */
@Injectable()
export class ApisService {
  constructor(
    private readonly writer: ApiWriter,
    private readonly apis: ApisForChange,
    private readonly checks: ApiChecks,
    private readonly scopes: ApiScopes,
    private readonly definitions: Definitions,
    private readonly throttling: ThrottlingPoliciesService,
    private readonly users: UsersService,
    private readonly secrets: Secrets,
    private readonly subscriptions: SubscriptionReads,
    private readonly subscriptionRemovals: SubscriptionRemovals,
    private readonly deployed: DeployedApis,
    private readonly transactions: Transactions,
    private readonly config: ApimConfig,
  ) {}

  /** @throws ApiNotFound (404), Forbidden for a caller whom the API's access roles keep out. */
  get(caller: User, id: string): Promise<Api> {
    return this.apis.read(caller, id, ApiNotFound);
  }

  /** Adds an API in state CREATED, or PROTOTYPED when that is asked for. @throws the problems of `reference/publisher.md` §3.1. */
  async create(caller: User, sent: APIDto, { definition, openApiVersion = 'v3', nameTooLong = NameTooLong }: Beginning = {}): Promise<Api> {
    const { organization } = caller;
    const name = nameOf(sent.name);
    if (name.length > NAME_MAX) throw nameTooLong(`The name of the API is longer than ${NAME_MAX} characters.`);
    const type = sent.type ?? 'HTTP';
    if (type === 'ASYNC' && sent.advertiseInfo?.advertised !== true) throw AsyncNotCreatable();
    checkGatewayType(sent.gatewayType ?? SYNAPSE, type);
    const contextTemplate = contextTemplateOf(organization, sent.context);
    const provider = await this.providerOf(caller, sent.provider);
    const now = new Date();
    const content = await this.contentOf(organization, { ...sent, name, type }, provider, null, definition);
    const api: Api = {
      id: randomUUID(),
      organization,
      provider,
      name,
      version: sent.version,
      context: shownContext(contextTemplate),
      contextTemplate,
      type,
      status: sent.lifeCycleStatus?.toUpperCase() === 'PROTOTYPED' ? 'PROTOTYPED' : 'CREATED',
      createdAt: now,
      updatedAt: now,
      updatedBy: shownName(caller),
      ...content,
    };
    const text = OPENAPI_TYPES.includes(type)
      ? await this.definitions.write({ content: definition?.content ?? null, version: openApiVersion, source: sourceOf(api) })
      : null;
    return this.writer.add(caller, api, text);
  }

  /**
   * Replaces what may change of an API; its name, version, context, provider, type and state stay. `unchanged` may refuse on seeing the current one.
   * @throws the problems of `reference/publisher.md` §3.1, EditOutOfScope and LiveApiNeedsPublisher (403).
   */
  update(caller: User, id: string, sent: APIDto, unchanged: (current: Api) => void): Promise<Api> {
    return this.writer.change(
      caller,
      () => this.readForChange(caller, id),
      async (current, definition) => {
        unchanged(current);
        const before = toApiDto(current);
        const edit = editInScope(caller, before, sent);
        if (edit.operations?.length === 0) throw NoOperations();
        if (edit.gatewayType && edit.gatewayType !== current.details.gatewayType) throw InvalidGatewayType('It cannot be changed.');
        const { name, version, type } = current;
        const whole: APIDto = { ...edit, name, version, type, operations: edit.operations ?? before.operations ?? [] };
        const content = await this.contentOf(current.organization, whole, current.provider, current);
        const changed = { ...content, policies: await this.plansOf(current, content.policies) };
        return { content: changed, definition: await this.rewritten(current, changed, definition) };
      },
    );
  }

  /** Replaces the definition of an API and, from it, its operations and scopes; gives the stored text. @throws InvalidDefinition (400), as {@link update}. */
  async updateDefinition(caller: User, id: string, definition: Definition, unchanged: (current: string) => void): Promise<string> {
    let stored = '';
    await this.writer.change(
      caller,
      () => this.readForChange(caller, id),
      async (current, before) => {
        unchanged(before ?? '');
        const { isDefaultVersion, visibility, visibleRoles, accessControlRoles, tags, policies, categories } = current;
        const known = await this.definedContentOf(current.organization, definition, current.details);
        const defined = { ...known, scopes: await this.scopes.resolved(current.organization, known.scopes) };
        const details = { ...current.details, ...defined };
        const content = { isDefaultVersion, visibility, visibleRoles, accessControlRoles, tags, policies, categories, details };
        await this.checks.defined(current.organization, defined);
        stored = (await this.rewritten(current, content, definition.content)) ?? '';
        return { content, definition: stored };
      },
    );
    return stored;
  }

  /** The stored definition as JSON text, or null. @throws as {@link get}. */
  async definition(caller: User, id: string): Promise<string | null> {
    return this.writer.definitionOf(await this.get(caller, id));
  }

  /** Takes the API off the gateways and deletes it with all its parts. @throws ApiNotFound, Conflict (409) while subscriptions hold it. */
  async remove(caller: User, id: string, unchanged: (current: Api) => void): Promise<void> {
    await this.transactions.run(async (tx) => {
      const api = await this.apis.lock(tx, caller, id, ApiNotFound);
      unchanged(api);
      if ((await this.subscriptions.activeByApi(tx, api.organization, id)) > 0) {
        throw Conflict(`Cannot remove the API ${id} as active subscriptions exist`);
      }
      await this.subscriptionRemovals.removeByApi(tx, api.organization, id);
      await this.deployed.removeAll(tx, api.organization, id);
      await this.scopes.replace(tx, api, api.details.scopes, []);
      await tx.em.delete(ApiEntity, { organization: api.organization, id });
    });
  }

  private async readForChange(caller: User, id: string): Promise<ApiEntity> {
    const api = found(await this.apis.find(caller, id), ApiNotFound, id);
    if (!maySee(caller, api)) throw Forbidden(`Authorization failure while updating API : ${id}`);
    return api;
  }

  /** Checked content with its secrets encrypted. */
  private async contentOf(
    organization: string,
    sent: APIDto,
    provider: string,
    current: Api | null,
    definition?: Definition,
  ): Promise<ApiContent> {
    if (sent.accessControl === 'RESTRICTED' && !sent.accessControlRoles?.length) throw InvalidRoles();
    const defaults = await this.defaults(organization, provider);
    const defined = definition && (await this.definedContentOf(organization, definition, { operations: [], scopes: [] }));
    const wanted = contentOf(sent, defaults, defined);
    const scopes = await this.scopes.resolved(organization, wanted.details.scopes);
    const content = { ...wanted, details: { ...wanted.details, scopes } };
    await this.checks.content(organization, sent.name, content);
    // Plain data from here on: what was sent are instances of wire classes.
    const details: ApiDetails = JSON.parse(JSON.stringify(content.details));
    const { endpointConfig } = details;
    const before = current?.details.endpointConfig ?? null;
    return {
      ...content,
      details: {
        ...details,
        hasThumbnail: current?.details.hasThumbnail ?? false,
        endpointConfig: endpointConfig && sealSecrets(endpointConfig, before, (plain) => this.secrets.encrypt(plain)),
      },
    };
  }

  /** A policy that a definition names and the tenant does not have gives way to the default: definitions travel between installations. */
  private async definedContentOf(organization: string, definition: Definition, known: DefinedContent): Promise<DefinedContent> {
    const defaultPolicy = await this.throttling.defaultName(organization, 'advanced');
    const { operations, scopes } = definedContent(definition, known, defaultPolicy);
    const names = [...new Set(operations.map(({ throttlingPolicy }) => throttlingPolicy))];
    const unknown = new Set(await this.checks.unknownAdvanced(organization, names));
    const mended = operations.map((operation) =>
      unknown.has(operation.throttlingPolicy) ? { ...operation, throttlingPolicy: defaultPolicy } : operation,
    );
    return { operations: mended, scopes };
  }

  private async defaults(organization: string, provider: string): Promise<ContentDefaults> {
    const { allowOrigins, allowHeaders, allowMethods, allowCredentials } = this.config.cors;
    return {
      provider,
      authorizationHeader: this.config.oauthConfig.authHeader,
      operationPolicy: await this.throttling.defaultName(organization, 'advanced'),
      cors: {
        accessControlAllowOrigins: allowOrigins,
        accessControlAllowCredentials: allowCredentials,
        accessControlAllowHeaders: allowHeaders,
        accessControlAllowMethods: allowMethods,
      },
    };
  }

  /** The caller; an administrator may name another user. @throws ProviderUnknown (400). */
  private async providerOf(caller: User, named: string | undefined): Promise<string> {
    const own = shownName(caller);
    if (!named || named === own || !isAdmin(caller)) return own;
    const { name, organization } = parseUserName(named);
    const user =
      organization === caller.organization || !named.includes('@') ? await this.users.byName(caller.organization, name) : undefined;
    return shownName(found(user, ProviderUnknown));
  }

  /** An API past its creation always has a plan; hidden ones do not go with others (`reference/publisher.md` §11). */
  private async plansOf(api: Api, policies: readonly string[]): Promise<readonly string[]> {
    const open = policies.filter((name) => !isSubscriptionlessPolicy(name));
    if (open.length > 0) return open;
    if (policies.length > 0 || api.status === 'CREATED' || api.status === 'PROTOTYPED') return policies;
    if (!this.config.keyManager.allowSubscriptionValidationDisabling)
      return [await this.throttling.defaultName(api.organization, 'subscription')];
    return [ASYNC_TYPES.includes(api.type) ? ASYNC_DEFAULT_SUBSCRIPTIONLESS : DEFAULT_SUBSCRIPTIONLESS];
  }

  private async rewritten(api: Api, content: ApiContent, definition: string | null): Promise<string | null> {
    if (!OPENAPI_TYPES.includes(api.type)) return null;
    return this.definitions.write({ content: definition, version: 'v3', source: sourceOf({ ...api, ...content }) });
  }
}

/** What of an API its definition repeats. */
export const sourceOf = (api: Api): DefinitionSource => ({
  ...api.details,
  name: api.name,
  version: api.version,
  basePath: invocationPath(api),
});
