import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { type Api, apiRef } from '../../domain/api.js';
import { shownName } from '../../domain/organization.js';
import { found } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import type { ArchiveFiles } from '../../platform/archives/read-archive.js';
import { Transactions, type Tx } from '../../platform/database/transactions.js';
import { ApisForChange } from '../apis-for-change.js';
import { ApiArchiveParts } from '../archives/api-archive-parts.js';
import { ApiTables } from '../revisions/api-tables.js';
import { WsdlEntity } from './wsdl.entity.js';
import type { Wsdl } from './wsdl.js';
import { WsdlNotFound, WsdlOfOtherType } from './wsdl.problems.js';
import { WsdlReader } from './wsdl-reader.js';

const FILE = /^WSDL\/[^/]+\.(wsdl|zip)$/i;

/** An API with its WSDL. */
export interface WsdlOfApi {
  readonly api: Api;
  readonly wsdl: Wsdl;
}

/** The WSDLs of APIs. All throw ApiNotFound (404), and Forbidden for a caller whom the access roles keep out. */
@Injectable()
export class WsdlsService implements OnModuleInit {
  constructor(
    @InjectRepository(WsdlEntity) private readonly wsdls: Repository<WsdlEntity>,
    private readonly apis: ApisForChange,
    private readonly tables: ApiTables,
    private readonly parts: ApiArchiveParts,
    private readonly reader: WsdlReader,
    private readonly transactions: Transactions,
  ) {}

  onModuleInit(): void {
    this.parts.register({
      write: (api, revisionId) => this.write(api, revisionId),
      read: (tx, _, api, files) => this.readFrom(tx, api, files),
    });
  }

  /** @throws WsdlNotFound (404). */
  async get(caller: User, apiId: string): Promise<WsdlOfApi> {
    return this.of(await this.apis.read(caller, apiRef(apiId)));
  }

  /** The WSDL of an API that the caller may see. @throws WsdlNotFound (404). */
  async of(api: Api): Promise<WsdlOfApi> {
    const { organization, id, name, version } = api;
    return { api, wsdl: found(await this.wsdls.findOneBy({ organization, apiId: id }), WsdlNotFound, name, version) };
  }

  /** Whether the caller may give the API a WSDL, asked before one is read. @throws WsdlOfOtherType (400). */
  async checkTaking(caller: User, apiId: string): Promise<void> {
    checkType(await this.apis.read(caller, apiRef(apiId)));
  }

  /** Replaces the WSDL; operations and translations stay as they are. @throws LiveApiNeedsPublisher (403), WsdlOfOtherType (400). */
  async replace(caller: User, apiId: string, wsdl: Wsdl, unchanged: (current: Wsdl | null) => void): Promise<void> {
    await this.transactions.run(async (tx) => {
      const api = await this.apis.lock(tx, caller, apiRef(apiId));
      checkType(api);
      unchanged(await tx.em.findOneBy(WsdlEntity, { organization: api.organization, apiId }));
      await this.put(tx, api, wsdl);
      // Later than the last change in any case, so that whoever plans another one notices.
      const updatedAt = new Date(Math.max(Date.now(), api.updatedAt.getTime() + 1));
      const details = { ...api.details, wsdlInfo: { type: wsdl.type } };
      await tx.em.save(Object.assign(api, { details, updatedAt, updatedBy: shownName(caller) }));
    });
  }

  /** Keeps the WSDL with the API, whose details are to say so. */
  async put({ em }: Tx, { organization, id: apiId }: Pick<Api, 'organization' | 'id'>, { type, content }: Wsdl): Promise<void> {
    await em.upsert(WsdlEntity, { apiId, organization, type, content }, ['apiId']);
  }

  private async write(api: Api, revisionId: string | null): Promise<readonly (readonly [path: string, content: Buffer])[]> {
    const rows = await this.tables.rows<Wsdl>('api_wsdls', api, revisionId);
    return rows.map(({ type, content }) => [`WSDL/${fileNameOf(api, type)}`, content]);
  }

  /** An archive without a WSDL leaves the API's alone. @throws the problems of {@link WsdlReader.check}. */
  private async readFrom(tx: Tx, api: Api, files: ArchiveFiles): Promise<void> {
    const path = [...files.keys()].filter((name) => FILE.test(name)).sort()[0];
    const content = path === undefined ? undefined : files.get(path);
    if (content === undefined || !isSoap(api)) return;
    const wsdl: Wsdl = { type: path?.toLowerCase().endsWith('.zip') ? 'ZIP' : 'WSDL', content };
    await this.reader.check(wsdl);
    await this.put(tx, api, wsdl);
    await tx.em.query(`UPDATE apis SET details = jsonb_set(details, '{wsdlInfo}', $3) WHERE organization = $1 AND id = $2`, [
      api.organization,
      api.id,
      JSON.stringify({ type: wsdl.type }),
    ]);
  }
}

/** The name of the file that holds the WSDL of an API. */
export const fileNameOf = ({ name, version }: Pick<Api, 'name' | 'version'>, type: Wsdl['type']): string =>
  `${name}-${version}.${type === 'ZIP' ? 'zip' : 'wsdl'}`;

const isSoap = ({ type }: Pick<Api, 'type'>): boolean => type === 'SOAP' || type === 'SOAPTOREST';

const checkType = ({ type }: Pick<Api, 'type'>): void => {
  if (!isSoap({ type })) throw WsdlOfOtherType(type);
};
