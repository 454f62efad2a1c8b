import { Injectable } from '@nestjs/common';
import type { Api } from '../../domain/api.js';
import type { User } from '../../domain/user.js';
import { Transactions } from '../../platform/database/transactions.js';
import { validateAs } from '../../platform/http/validation.pipe.js';
import { givenProperties } from '../additional-properties.js';
import { ApiWriter } from '../api-writer.js';
import { ImportedNameTooLong } from '../apis.problems.js';
import { ApisService } from '../apis.service.js';
import { Definitions } from '../definitions/definitions.service.js';
import type { JsonObject } from '../definitions/json-document.js';
import { APIDto } from '../dto/api.dto.js';
import { ResourcePoliciesService } from '../resource-policies/resource-policies.service.js';
import { holdTenantApis } from '../tenant-lock.js';
import { passThroughDefinition } from './pass-through.js';
import type { Wsdl, WsdlInfo } from './wsdl.js';
import { ImplementationTypeUnknown } from './wsdl.problems.js';
import type { RestFace } from './wsdl.worker.js';
import { WsdlReader, type WsdlSource } from './wsdl-reader.js';
import { WsdlsService } from './wsdls.service.js';

const IMPLEMENTATION_TYPES = ['SOAP', 'SOAPTOREST'] as const;
type ImplementationType = (typeof IMPLEMENTATION_TYPES)[number];

/** Makes APIs from WSDLs. */
@Injectable()
export class WsdlImports {
  constructor(
    private readonly reader: WsdlReader,
    private readonly wsdls: WsdlsService,
    private readonly apis: ApisService,
    private readonly writer: ApiWriter,
    private readonly definitions: Definitions,
    private readonly sequences: ResourcePoliciesService,
    private readonly transactions: Transactions,
  ) {}

  /**
   * Adds an API of the implementation type with the properties (an API object as JSON), whose resources come from the WSDL. Without an endpoint
   * configuration it leads where the first endpoint of the WSDL is.
   * @throws ImplementationTypeUnknown, InvalidAdditionalProperties, the problems of {@link WsdlReader.given} (400) and of {@link ApisService.create}.
   */
  async fromWsdl(caller: User, source: WsdlSource, additionalProperties: string | undefined, wanted: string | undefined): Promise<Api> {
    const type = implementationTypeOf(wanted || 'SOAP');
    const { operations, scopes, ...own } = givenProperties(additionalProperties);
    const { wsdl, info } = await this.reader.given(source);
    const sent = await validateAs(APIDto, { ...endpointsOf(info), ...own, type });
    const face = await this.face(type, wsdl, sent);
    const definition = await this.definitions.readValid(face.definition);
    await this.sequences.check(face.sequences);
    const { api, definition: text } = await this.apis.planned(caller, sent, { definition, nameTooLong: ImportedNameTooLong });
    const planned: Api = { ...api, details: { ...api.details, wsdlInfo: { type: wsdl.type } } };
    return this.transactions.run(async (tx) => {
      await holdTenantApis(tx, planned.organization);
      const made = await this.writer.insert(tx, caller, planned, text);
      await this.wsdls.put(tx, made, wsdl);
      if (face.sequences.length > 0) await this.sequences.replace(tx, made, face.sequences);
      return made;
    });
  }

  private async face(type: ImplementationType, wsdl: Wsdl, { name, version }: APIDto): Promise<RestFace> {
    if (type === 'SOAP') return { definition: passThroughDefinition(name, version), sequences: [] };
    return this.reader.restFace(wsdl, name, version);
  }
}

const implementationTypeOf = (text: string): ImplementationType => {
  const type = IMPLEMENTATION_TYPES.find((one) => one === text);
  if (type === undefined) throw ImplementationTypeUnknown(text);
  return type;
};

const endpointsOf = ({ endpoints }: WsdlInfo): JsonObject => {
  const url = endpoints.find(({ location }) => /^https?:\/\//i.test(location))?.location;
  return url === undefined
    ? {}
    : { endpointConfig: { endpoint_type: 'address', production_endpoints: { url }, sandbox_endpoints: { url } } };
};
