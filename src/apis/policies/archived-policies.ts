import { randomUUID } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, IsNull, type Repository } from 'typeorm';
import type { Api } from '../../domain/api.js';
import type { ArchiveFiles } from '../../platform/archives/read-archive.js';
import type { Tx } from '../../platform/database/transactions.js';
import { ApiArchiveParts, type ArchiveFormat } from '../archives/api-archive-parts.js';
import type { APIDto } from '../dto/api.dto.js';
import { RevisionEntity } from '../revisions/revision.entity.js';
import { type AdaptedApi, adaptPolicies, OWN_SUFFIX, POLICIES_FOLDER, policiesInArchive } from './adapt-policies.js';
import { attachedIds } from './attached-flows.js';
import { AttachedPolicies } from './attached-policies.js';
import { DefinitionChecks } from './definition-checks.js';
import { withLegacySequences } from './legacy-sequences.js';
import { LISTED, OperationPolicyEntity } from './operation-policy.entity.js';
import { fileNameOf, policyFiles } from './policy-archive.js';

/** The policies in archives of APIs (`reference/publisher.md` §14 and §20.2). */
@Injectable()
export class ArchivedPolicies implements OnModuleInit {
  constructor(
    @InjectRepository(OperationPolicyEntity) private readonly policies: Repository<OperationPolicyEntity>,
    private readonly attached: AttachedPolicies,
    private readonly parts: ApiArchiveParts,
    private readonly definitions: DefinitionChecks,
  ) {}

  onModuleInit(): void {
    this.parts.register({
      write: (api, revisionId, format) => this.write(api, revisionId, format),
      read: (tx, _, api, files) => this.storeUnattached(tx, api, files),
    });
  }

  /**
   * Makes the API object of an archive fit for this tenant, see {@link adaptPolicies}. To be called before the object is checked, because checking looks its
   * attached policies up; the policies it gives go along with the object. Paths are below the API's folder. @throws problems (400) for a broken policy,
   * UnusableDefinition (902006) for one that the gateway could not run.
   */
  async adapt(organization: string, files: ArchiveFiles, dto: APIDto): Promise<AdaptedApi> {
    const found = await policiesInArchive(files);
    const names = [...new Set(found.map(({ content }) => content.name))];
    const commons = await this.policies.find({ select: LISTED, where: { organization, apiId: IsNull(), name: In(names) } });
    const adapted = withLegacySequences(files, adaptPolicies(found, commons, dto));
    const own = found.filter((policy) => policy.own).map(({ content }) => content);
    await this.definitions.policies([...adapted.policies, ...own], true);
    return adapted;
  }

  private async write(api: Api, revisionId: string | null, { format }: ArchiveFormat): Promise<readonly (readonly [string, string])[]> {
    const { organization, id: apiId } = api;
    const details = revisionId === null ? api.details : await this.detailsOf(organization, apiId, revisionId);
    const ids = details === undefined ? [] : attachedIds(details);
    const rows = await this.policies.find({ where: { organization, apiId, id: In(ids) }, order: { name: 'ASC', version: 'ASC' } });
    const files = rows.flatMap((row) => policyFiles(row, format, baseNameOf(row)));
    // Two copies of one policy, made before and after the common one was replaced, cannot both have their name.
    return [...new Map(files)];
  }

  private async detailsOf(organization: string, apiId: string, revisionId: string): Promise<Api['details'] | undefined> {
    const where = { organization, apiId, id: revisionId };
    const revision = await this.policies.manager.findOne(RevisionEntity, { where, select: { id: true, snapshot: true } });
    return revision?.snapshot.details;
  }

  /** What was attached came with the API itself. */
  private async storeUnattached(tx: Tx, { organization, id: apiId }: Api, files: ArchiveFiles): Promise<void> {
    const own = (await policiesInArchive(files)).filter((policy) => policy.own);
    if (own.length === 0) return;
    const rows = await tx.em.find(OperationPolicyEntity, { select: LISTED, where: { organization, apiId } });
    for (const { content } of own) await this.attached.store(tx, { organization, id: apiId }, rows, { id: randomUUID(), ...content });
  }
}

const baseNameOf = ({ name, version, clonedFrom }: OperationPolicyEntity): string =>
  `${POLICIES_FOLDER}${fileNameOf(`${name}_${version}`)}${clonedFrom === null ? OWN_SUFFIX : ''}`;
