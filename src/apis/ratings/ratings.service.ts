import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { shownName } from '../../domain/organization.js';
import type { User } from '../../domain/user.js';
import { ApimConfig } from '../../platform/config/sections/apim.config.js';
import { Transactions } from '../../platform/database/transactions.js';
import type { PageQuery } from '../../platform/http/page.js';
import type { PortalDoor } from '../portal/portal-door.js';
import { RatingEntity } from './rating.entity.js';
import { type RatingPage, RatingReads } from './rating-reads.js';
import { RatingOutOfRange, RatingsSwitchedOff } from './ratings.problems.js';

const LEAST = 1;
const MOST = 5;

/** May refuse on seeing the rating as it is before it goes; undefined for none. */
type Unchanged = (current: RatingEntity | undefined) => void;

/** What users think of APIs, and of whatever else has a door (`reference/devportal.md` §4). */
@Injectable()
export class RatingsService {
  constructor(
    private readonly reads: RatingReads,
    private readonly transactions: Transactions,
    private readonly config: ApimConfig,
  ) {}

  async list(door: PortalDoor, viewer: User | undefined, window: PageQuery): Promise<RatingPage> {
    return this.reads.page(await door.read(), viewer?.id ?? null, window);
  }

  /** Undefined when the user has not rated it. */
  async get(door: PortalDoor, caller: User): Promise<RatingEntity | undefined> {
    return this.reads.byUser(await door.read(), caller.id);
  }

  /** Takes the place of the user's rating when there is one. @throws RatingOutOfRange (400), RatingsSwitchedOff (403). */
  async rate(door: PortalDoor, caller: User, rating: number): Promise<RatingEntity> {
    if (rating < LEAST || rating > MOST) throw RatingOutOfRange();
    return this.transactions.run(async (tx) => {
      const { organization, id: apiId } = await door.hold(tx);
      this.refuseWhenOff();
      const mine = { organization, apiId, userId: caller.id };
      const row = { id: randomUUID(), ...mine, ratedBy: shownName(caller), rating, ratedAt: new Date() };
      // Two requests of one user at once leave one rating, that of the later one; the id stays that of the first.
      const insert = tx.em.createQueryBuilder().insert().into(RatingEntity).values(row);
      await insert.orUpdate(['rated_by', 'rating', 'rated_at'], ['api_id', 'user_id']).execute();
      return tx.em.findOneByOrFail(RatingEntity, mine);
    });
  }

  /** Nothing happens when there is none. @throws RatingsSwitchedOff (403). */
  async withdraw(door: PortalDoor, caller: User, unchanged: Unchanged): Promise<void> {
    await this.transactions.run(async (tx) => {
      const { organization, id: apiId } = await door.hold(tx);
      this.refuseWhenOff();
      const where = { organization, apiId, userId: caller.id };
      unchanged((await tx.em.findOne(RatingEntity, { where, lock: { mode: 'pessimistic_write' } })) ?? undefined);
      await tx.em.delete(RatingEntity, where);
    });
  }

  private refuseWhenOff(): void {
    if (!this.config.devportal.enableRatings) throw RatingsSwitchedOff();
  }
}
