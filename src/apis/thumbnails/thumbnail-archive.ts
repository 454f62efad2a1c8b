import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Api } from '../../domain/api.js';
import type { User } from '../../domain/user.js';
import type { ArchiveFiles } from '../../platform/archives/read-archive.js';
import type { Tx } from '../../platform/database/transactions.js';
import { type ApiArchivePart, ApiArchiveParts } from '../archives/api-archive-parts.js';
import { type PictureType, readPicture } from './picture.js';
import { ThumbnailEntity } from './thumbnail.entity.js';
import { ThumbnailsService } from './thumbnails.service.js';

const EXTENSIONS: Readonly<Record<PictureType, string>> = {
  'image/gif': 'gif',
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/svg+xml': 'svg',
};

/** The picture of an API in its archive: `Image/icon.<extension>`. */
@Injectable()
export class ThumbnailArchive implements ApiArchivePart, OnModuleInit {
  readonly isPresentation = true;

  constructor(
    private readonly parts: ApiArchiveParts,
    private readonly thumbnails: ThumbnailsService,
  ) {}

  onModuleInit(): void {
    this.parts.register(this);
  }

  async write(api: Api): Promise<readonly (readonly [string, Buffer])[]> {
    const picture = await this.thumbnails.of(api);
    return picture === null ? [] : [[`Image/icon.${EXTENSIONS[picture.mediaType]}`, picture.content]];
  }

  /** An archive without a picture leaves the API's alone, as the product does. @throws the problems of {@link readPicture}. */
  async read(tx: Tx, _caller: User, { organization, id }: Api, files: ArchiveFiles): Promise<void> {
    const [path] = [...files.keys()].filter((name) => /^Image\/[^/]+$/.test(name)).sort();
    const content = path === undefined ? undefined : files.get(path);
    if (path === undefined || content === undefined) return;
    await tx.em.upsert(ThumbnailEntity, { apiId: id, organization, ...readPicture(path, content) }, ['apiId']);
    await tx.em.query(`UPDATE apis SET details = jsonb_set(details, '{hasThumbnail}', 'true') WHERE organization = $1 AND id = $2`, [
      organization,
      id,
    ]);
  }
}
