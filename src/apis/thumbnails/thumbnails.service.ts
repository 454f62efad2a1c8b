import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import type { Api, ApiRef } from '../../domain/api.js';
import { shownName } from '../../domain/organization.js';
import type { User } from '../../domain/user.js';
import { Transactions } from '../../platform/database/transactions.js';
import { ApisForChange } from '../apis-for-change.js';
import { ApiCopies } from '../versions/api-copies.js';
import { type Picture, readPicture } from './picture.js';
import { ThumbnailEntity } from './thumbnail.entity.js';

/** The pictures of APIs. */
@Injectable()
export class ThumbnailsService implements OnModuleInit {
  constructor(
    @InjectRepository(ThumbnailEntity) private readonly thumbnails: Repository<ThumbnailEntity>,
    private readonly apis: ApisForChange,
    private readonly copies: ApiCopies,
    private readonly transactions: Transactions,
  ) {}

  onModuleInit(): void {
    this.copies.register(async (tx, from, to) => {
      await tx.em.query(
        `INSERT INTO api_thumbnails (api_id, organization, media_type, content)
         SELECT $3, organization, media_type, content FROM api_thumbnails WHERE organization = $1 AND api_id = $2`,
        [from.organization, from.id, to.id],
      );
    });
  }

  /** Null while there is none. @throws ApiNotFound (404), Forbidden (403). */
  async get(caller: User, ref: ApiRef): Promise<Picture | null> {
    return this.of(await this.apis.read(caller, ref));
  }

  /** The picture of an API that its reader may see. */
  of({ organization, id }: Pick<Api, 'organization' | 'id'>): Promise<Picture | null> {
    return this.thumbnails.findOneBy({ organization, apiId: id });
  }

  /**
   * Gives an API a picture in place of the one it has; `unchanged` may refuse on seeing that one.
   * @throws ApiNotFound (404), Forbidden, LiveApiNeedsPublisher (403) and the problems of {@link readPicture}.
   */
  async replace(
    caller: User,
    ref: ApiRef,
    file: { readonly name: string; readonly content: Buffer },
    unchanged: (current: Picture | null) => void,
  ): Promise<Picture> {
    return this.transactions.run(async (tx) => {
      const api = await this.apis.lock(tx, caller, ref);
      const { organization, id } = api;
      unchanged(await tx.em.findOneBy(ThumbnailEntity, { organization, apiId: id }));
      const picture = readPicture(file.name, file.content);
      await tx.em.upsert(ThumbnailEntity, { apiId: id, organization, ...picture }, ['apiId']);
      // Later than the last change in any case, so that whoever plans another one notices.
      const updatedAt = new Date(Math.max(Date.now(), api.updatedAt.getTime() + 1));
      await tx.em.save(Object.assign(api, { details: { ...api.details, hasThumbnail: true }, updatedAt, updatedBy: shownName(caller) }));
      return picture;
    });
  }
}
