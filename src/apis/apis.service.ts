import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { type Api, type ApiDetails, type ApiType, apiRef, isAsync, shownContext } from '../domain/api.js';
import { parseUserName, shownName } from '../domain/organization.js';
import { Conflict, Forbidden, found, type ProblemKind } from '../domain/problem.js';
import { ASYNC_DEFAULT_SUBSCRIPTIONLESS, DEFAULT_SUBSCRIPTIONLESS, isSubscriptionlessPolicy } from '../domain/subscriptionless.js';
import { isAdmin, type User } from '../domain/user.js';
import { UsersService } from '../identity/users/users.service.js';
import { ApimConfig } from '../platform/config/sections/apim.config.js';
import { Secrets } from '../platform/crypto/secrets.js';
import { Transactions } from '../platform/database/transactions.js';
import { mapInTurns, nextTurn } from '../platform/turns/turns.js';
import { SubscriptionReads } from '../subscriptions/subscription-reads.js';
import { SubscriptionRemovals } from '../subscriptions/subscription-removals.js';
import { ThrottlingPoliciesService } from '../throttling/throttling-policies.service.js';
import { ApiEntity } from './api.entity.js';
import { ApiChecks } from './api-checks.js';
import { type ApiContent, type ContentDefaults, contentOf, type DefinedContent, definedContent, sentContent } from './api-content.js';
import { checkGatewayType, contextTemplateOf, NAME_MAX, nameOf } from './api-rules.js';
import { ApiScopes } from './api-scopes.js';
import { type ApiChange, ApiWriter } from './api-writer.js';
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
import { checkRequiredProperties } from './custom-properties/required-properties.js';
import type { Definition } from './definitions/definition.js';
import { sourceOf } from './definitions/definition-source.js';
import { DefinitionNotFound } from './definitions/definitions.problems.js';
import { Definitions } from './definitions/definitions.service.js';
import type { OpenApiVersion } from './definitions/write-openapi.js';
import { APIDto } from './dto/api.dto.js';
import { editInScope } from './edit-scope.js';
import { withCircuitBreakers } from './endpoint-config.js';
import { sealSecrets, withoutKnownPasswords } from './endpoint-secrets.js';
import { primariesOf } from './endpoints/api-endpoint-rules.js';
import { PrimaryEndpoints } from './endpoints/primary-endpoints.js';
import { type ArchivedPolicy, AttachedPolicies } from './policies/attached-policies.js';
import { ProductMembers } from './products/product-members.js';
import { DeployedApis } from './revisions/deployed-apis.js';

const SYNAPSE = 'wso2/synapse';
/** Types whose definition is an OpenAPI document (`reference/publisher.md` §2). */
const OPENAPI_TYPES: readonly ApiType[] = ['HTTP', 'SOAP', 'SOAPTOREST'];

/** How a new API starts. */
export interface Beginning {
  /** The definition it is made from; without one it gets a generated document of this version. */
  readonly definition?: Definition;
  readonly openApiVersion?: OpenApiVersion;
  /** What is thrown for a name that is too long. */
  readonly nameTooLong?: ProblemKind;
  /** The owner, known to exist; otherwise the caller, or whom an administrator names. */
  readonly provider?: string;
  /** Policies that an archive brought along. */
  readonly archived?: readonly ArchivedPolicy[];
}

/** An API that is checked and not yet stored, with its definition. */
export interface NewApi {
  readonly api: Api;
  readonly definition: string | null;
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
    private readonly products: ProductMembers,
    private readonly transactions: Transactions,
    private readonly config: ApimConfig,
    private readonly policies: AttachedPolicies,
    private readonly primaries: PrimaryEndpoints,
  ) {}

  /** @throws ApiNotFound (404), Forbidden for a caller whom the API's access roles keep out. */
  get(caller: User, id: string): Promise<Api> {
    return this.apis.read(caller, apiRef(id));
  }

  /** Adds an API in state CREATED, or PROTOTYPED when that is asked for. @throws the problems of `reference/publisher.md` §3.1. */
  async create(caller: User, sent: APIDto, beginning: Beginning = {}): Promise<Api> {
    const { api, definition } = await this.planned(caller, sent, beginning);
    return this.writer.add(caller, api, definition, beginning.archived);
  }

  /** What {@link create} adds, for callers with a transaction of their own. @throws as {@link create}, save for what only the insert finds. */
  async planned(caller: User, sent: APIDto, beginning: Beginning): Promise<NewApi> {
    const { definition, openApiVersion = 'v3', nameTooLong = NameTooLong, archived } = beginning;
    const { organization } = caller;
    const name = nameOf(sent.name);
    if (name.length > NAME_MAX) throw nameTooLong(`The name of the API is longer than ${NAME_MAX} characters.`);
    const type = sent.type ?? 'HTTP';
    if (type === 'ASYNC' && sent.advertiseInfo?.advertised !== true) throw AsyncNotCreatable();
    checkGatewayType(sent.gatewayType ?? SYNAPSE, type);
    const contextTemplate = contextTemplateOf(organization, sent.context);
    const provider = beginning.provider ?? (await this.providerOf(caller, sent.provider));
    const now = new Date();
    const content = await this.contentOf(organization, { ...sent, name, type }, provider, null, definition, archived);
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
    return { api, definition: text };
  }

  /**
   * Replaces what may change of an API; its name, version, context, provider, type and state stay. `unchanged` may refuse on seeing the current one.
   * @throws the problems of `reference/publisher.md` §3.1, EditOutOfScope and LiveApiNeedsPublisher (403).
   */
  update(caller: User, id: string, sent: APIDto, unchanged: (current: Api) => void): Promise<Api> {
    return this.writer.change(
      caller,
      id,
      () => this.readForChange(caller, id),
      async (current, definition) => {
        unchanged(current);
        await nextTurn();
        const portalOnly = this.config.publisher.enablePortalConfigurationOnlyMode;
        const edit = editInScope(caller, toApiDto(current), this.withoutKnown(sent, current), portalOnly);
        const change = await this.plannedChange(current, edit, definition);
        await this.primaries.check(current, change.content.details);
        return change;
      },
    );
  }

  /**
   * What an API becomes by an edit, for callers with a transaction of their own: with the operations and scopes of a new definition where
   * there is one, else in step with the `stored` definition. @throws the problems of `reference/publisher.md` §3.1.
   */
  async plannedChange(
    current: Api,
    edit: APIDto,
    stored: string | null,
    { definition: defined, archived = [] }: Pick<Beginning, 'definition' | 'archived'> = {},
  ): Promise<ApiChange> {
    const before = toApiDto(current);
    if (edit.operations?.length === 0) throw NoOperations();
    if (edit.gatewayType && edit.gatewayType !== current.details.gatewayType) throw InvalidGatewayType('It cannot be changed.');
    const { name, version } = current;
    const { type = 'HTTP' } = before;
    const whole: APIDto = { ...edit, name, version, type, operations: edit.operations ?? before.operations ?? [] };
    await nextTurn();
    const content = await this.contentOf(current.organization, whole, current.provider, current, defined, archived);
    checkRequiredProperties(this.config.publisher.customProperties, content.details.additionalProperties);
    const changed = { ...content, policies: await this.plansOf(current, content.policies) };
    return { content: changed, definition: await this.rewritten(current, changed, defined?.content ?? stored), archived };
  }

  /** Replaces the definition of an API and, from it, its operations and scopes; gives the stored text. @throws InvalidDefinition (400), as {@link update}. */
  async updateDefinition(caller: User, id: string, definition: Definition, unchanged: (current: string) => void): Promise<string> {
    let stored = '';
    await this.writer.change(
      caller,
      id,
      () => this.readForChange(caller, id),
      async (current, before) => {
        unchanged(before ?? '');
        const known = await this.definedContentOf(current.organization, definition, current.details);
        const defined = { ...known, scopes: await this.scopes.resolved(current.organization, known.scopes) };
        const endpointConfig = withCircuitBreakers(current.details.endpointConfig, definition.circuitBreakers ?? {});
        const content = { ...ownContent(current), details: { ...current.details, ...defined, endpointConfig } };
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

  /** The stored definition as JSON text. @throws as {@link get}, DefinitionNotFound (404). */
  async writtenDefinition(caller: User, id: string, unknown: ProblemKind = ApiNotFound): Promise<string> {
    return found(await this.writer.definitionOf(await this.apis.read(caller, apiRef(id), unknown)), DefinitionNotFound, id);
  }

  /** Stores what `rewrite` makes of the definition; operations and scopes stay. @throws as {@link writtenDefinition}, LiveApiNeedsPublisher (403). */
  async rewriteDefinition(
    caller: User,
    id: string,
    rewrite: (current: string) => Promise<string>,
    unknown: ProblemKind = ApiNotFound,
  ): Promise<string> {
    let stored = '';
    await this.writer.change(
      caller,
      id,
      () => this.apis.read(caller, apiRef(id), unknown),
      async (current, before) => {
        stored = await rewrite(found(before, DefinitionNotFound, id));
        return { content: ownContent(current), definition: stored };
      },
    );
    return stored;
  }

  /** Takes the API off the gateways and deletes it with all its parts. @throws ApiNotFound, Conflict (409) while subscriptions or products hold it. */
  async remove(caller: User, id: string, unchanged: (current: Api) => void): Promise<void> {
    await this.transactions.run(async (tx) => {
      const api = await this.apis.lock(tx, caller, apiRef(id));
      unchanged(api);
      if ((await this.subscriptions.activeByApi(tx, api.organization, id)) > 0) {
        throw Conflict(`Cannot remove the API ${id} as active subscriptions exist`);
      }
      await this.products.refuseDeletion(tx, api);
      await this.subscriptionRemovals.removeByApi(tx, api.organization, id);
      await this.deployed.forget(tx, api.organization, id);
      await this.scopes.replace(tx, api, api.details.scopes, []);
      await tx.em.delete(ApiEntity, { organization: api.organization, id });
    });
  }

  /** Passwords that a tenant has shown come back with the object: they are no change. */
  private withoutKnown(sent: APIDto, { details }: Api): APIDto {
    const { endpointConfig } = sent;
    if (!endpointConfig) return sent;
    const emptied = withoutKnownPasswords(endpointConfig, details.endpointConfig, (sealed) => this.secrets.decrypt(sealed));
    return Object.assign(new APIDto(), sent, { endpointConfig: emptied });
  }

  private async readForChange(caller: User, id: string): Promise<ApiEntity> {
    const api = found(await this.apis.find(caller, apiRef(id)), ApiNotFound, id);
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
    archived: readonly ArchivedPolicy[] = [],
  ): Promise<ApiContent> {
    if (sent.accessControl === 'RESTRICTED' && !sent.accessControlRoles?.length) throw InvalidRoles();
    const defaults = await this.defaults(organization, provider);
    const sentDefined = await sentContent(sent, defaults.operationPolicy);
    const defined = definition ? await this.definedContentOf(organization, definition, sentDefined) : sentDefined;
    const wanted = contentOf(withOwnRoles(sent, current), defaults, defined);
    const scopes = await this.scopes.resolved(organization, wanted.details.scopes);
    const content = { ...wanted, details: { ...wanted.details, scopes } };
    await this.checks.content(organization, sent.name, content, sent.type);
    // Plain data from here on: what was sent are instances of wire classes. Operations, of which there may be many, were made plain before.
    const { operations, ...others } = content.details;
    const plain: ApiDetails = { ...JSON.parse(JSON.stringify(others)), operations };
    const attaching = { organization, apiId: current?.id ?? null, type: sent.type ?? 'HTTP', before: current?.details ?? null, archived };
    const details = await this.policies.resolved(attaching, plain);
    const { endpointConfig } = details;
    const before = current?.details.endpointConfig ?? null;
    return {
      ...content,
      details: {
        ...details,
        ...primariesOf(details),
        hasThumbnail: current?.details.hasThumbnail ?? false,
        workflowStatus: current?.details.workflowStatus ?? null,
        wsdlInfo: current?.details.wsdlInfo ?? null,
        endpointConfig: endpointConfig && sealSecrets(endpointConfig, before, (secret) => this.secrets.encrypt(secret)),
      },
    };
  }

  /** A policy that a definition names and the tenant does not have gives way to the default: definitions travel between installations. */
  private async definedContentOf(organization: string, definition: Definition, known: DefinedContent): Promise<DefinedContent> {
    const defaultPolicy = await this.throttling.defaultName(organization, 'advanced');
    const { operations, scopes } = await definedContent(definition, known, defaultPolicy);
    const names = [...new Set(operations.map(({ throttlingPolicy }) => throttlingPolicy))];
    const unknown = new Set(await this.checks.unknownAdvanced(organization, names));
    const mended = await mapInTurns(operations, (operation) =>
      unknown.has(operation.throttlingPolicy) ? { ...operation, throttlingPolicy: defaultPolicy } : operation,
    );
    return { operations: mended, scopes };
  }

  /** What a new API or product gets where nothing is said. */
  async defaults(organization: string, provider: string): Promise<ContentDefaults> {
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
  async providerOf(caller: User, named: string | undefined): Promise<string> {
    const own = shownName(caller);
    if (!named || named === own || !isAdmin(caller)) return own;
    const { name, organization } = parseUserName(named);
    const user =
      organization === caller.organization || !named.includes('@') ? await this.users.byName(caller.organization, name) : undefined;
    return shownName(found(user, ProviderUnknown));
  }

  /** An API past its creation always has a plan; hidden ones do not go with others (`reference/publisher.md` §11). */
  async plansOf(api: Api, policies: readonly string[]): Promise<readonly string[]> {
    const open = policies.filter((name) => !isSubscriptionlessPolicy(name));
    if (open.length > 0) return open;
    if (policies.length > 0 || api.status === 'CREATED' || api.status === 'PROTOTYPED') return policies;
    if (!this.config.keyManager.allowSubscriptionValidationDisabling)
      return [await this.throttling.defaultName(api.organization, 'subscription')];
    return [isAsync(api.type) ? ASYNC_DEFAULT_SUBSCRIPTIONLESS : DEFAULT_SUBSCRIPTIONLESS];
  }

  private async rewritten(api: Api, content: ApiContent, definition: string | null): Promise<string | null> {
    if (!OPENAPI_TYPES.includes(api.type)) return null;
    return this.definitions.write({ content: definition, version: 'v3', source: sourceOf({ ...api, ...content }) });
  }
}

/** Tenants take the place of roles in answers, and come back in it: the roles stay what they were. */
const withOwnRoles = (sent: APIDto, current: Api | null): APIDto =>
  sent.visibleTenants?.length && isDeepStrictEqual(sent.visibleRoles, sent.visibleTenants)
    ? Object.assign(new APIDto(), sent, { visibleRoles: [...(current?.visibleRoles ?? [])] })
    : sent;

const ownContent = (api: Api): ApiContent => {
  const { isDefaultVersion, visibility, visibleRoles, accessControlRoles, tags, policies, categories, details } = api;
  return { isDefaultVersion, visibility, visibleRoles, accessControlRoles, tags, policies, categories, details };
};
