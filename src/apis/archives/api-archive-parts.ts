import { Injectable } from '@nestjs/common';
import type { Api } from '../../domain/api.js';
import type { User } from '../../domain/user.js';
import type { ArchiveFiles } from '../../platform/archives/read-archive.js';
import type { Tx } from '../../platform/database/transactions.js';

export interface ArchiveFormat {
  /** Of the files that are ours to format: `api.yaml` or `api.json`, and so on. */
  readonly format: 'YAML' | 'JSON';
  /** Whether secrets leave with the archive, in clear. */
  readonly preserveCredentials: boolean;
}

/** One kind of part of an API in its archive (`reference/publisher.md` §20.2). Paths are below the API's folder. */
export interface ApiArchivePart {
  /** Belongs to how the developer portal presents the API: an import that preserves that leaves it alone. */
  readonly isPresentation?: boolean;
  /** The part's files; none when the API has nothing of it. `revisionId` asks for the part as the revision keeps it, where it does. */
  write(
    api: Api,
    revisionId: string | null,
    format: ArchiveFormat,
  ): Promise<readonly (readonly [path: string, content: Buffer | string])[]>;
  /** Stores what the archive holds of the part in place of what the API has, in the import's transaction. @throws problems (400) for a broken part. */
  read(tx: Tx, caller: User, api: Api, files: ArchiveFiles): Promise<void>;
}

/** What an archive holds beside the API object: each part registers how it is written and read, so that archives need not know the parts. */
@Injectable()
export class ApiArchiveParts {
  private readonly parts: ApiArchivePart[] = [];

  /** Call it in `onModuleInit`. */
  register(part: ApiArchivePart): void {
    this.parts.push(part);
  }

  get all(): readonly ApiArchivePart[] {
    return this.parts;
  }
}
