import { Injectable } from '@nestjs/common';
import type { Api } from '../domain/api.js';
import { SUPER_TENANT } from '../domain/organization.js';
import type { User } from '../domain/user.js';
import { validateAs } from '../platform/http/validation.pipe.js';
import { ThrottlingPoliciesService } from '../throttling/throttling-policies.service.js';
import { givenProperties } from './additional-properties.js';
import { ImportedNameTooLong } from './apis.problems.js';
import { ApisService } from './apis.service.js';
import type { DefinedSettings } from './definitions/definition.js';
import type { DefinitionSources } from './definitions/definition-texts.service.js';
import { Definitions } from './definitions/definitions.service.js';
import type { JsonObject } from './definitions/json-document.js';
import { APIDto } from './dto/api.dto.js';

/** Makes APIs from definitions. */
@Injectable()
export class ApiImports {
  constructor(
    private readonly apis: ApisService,
    private readonly definitions: Definitions,
    private readonly throttling: ThrottlingPoliciesService,
  ) {}

  /**
   * Adds an API with the properties (an API object as JSON), whose operations and scopes come from the definition. Settings that the definition carries in
   * extensions hold where the properties say nothing.
   * @throws InvalidAdditionalProperties, InvalidDefinition (400) and the problems of {@link ApisService.create}.
   */
  async fromOpenApi(caller: User, sources: DefinitionSources, additionalProperties: string | undefined): Promise<Api> {
    const given = givenProperties(additionalProperties);
    const definition = await this.definitions.readValid(await this.definitions.textOf(sources));
    const settings = await this.usable(caller.organization, definition.settings);
    const version = typeof given['version'] === 'string' ? given['version'] : '';
    // Operations and scopes are the definition's: checking thousands of them twice would hold up everybody.
    const { operations, scopes, ...own } = given;
    const api = await validateAs(APIDto, { ...propertiesOf(settings, caller.organization, version), ...own });
    return this.apis.create(caller, api, { definition, nameTooLong: ImportedNameTooLong });
  }

  /** Without an API-level policy that this tenant does not have: definitions travel between installations. */
  private async usable(organization: string, settings: DefinedSettings): Promise<DefinedSettings> {
    const { apiThrottlingPolicy, ...others } = settings;
    if (apiThrottlingPolicy === undefined) return settings;
    const missing = await this.throttling.missing(organization, 'advanced', [apiThrottlingPolicy]);
    return missing.length > 0 ? others : settings;
  }
}

/** The settings as properties of the API object. The base path is a context once its version and a foreign tenant's prefix are off. */
const propertiesOf = ({ basePath, ...settings }: DefinedSettings, organization: string, version: string): JsonObject => {
  const withoutVersion = version !== '' && basePath?.endsWith(`/${version}`) ? basePath.slice(0, -version.length - 1) : basePath;
  const context = withoutVersion?.replace(/^\/t\/[^/]+/, organization === SUPER_TENANT ? '' : `/t/${organization}`);
  return { ...settings, ...(context && context !== '/' && { context }) };
};
