import { type PageQuery, page } from '../../platform/http/page.js';
import { orNone } from '../apis.mapper.js';
import type { RatingEntity } from './rating.entity.js';
import type { RatingPage } from './rating-reads.js';
import type { RatingDto, RatingListDto } from './ratings.dto.js';

/** An average as the wire shows it: `4.0`, and `0.0` for an API nobody rated. */
export const averageText = (average: number): string => average.toFixed(1);

export const toRatingDto = ({ id, apiId, ratedBy, rating }: Pick<RatingEntity, 'id' | 'apiId' | 'ratedBy' | 'rating'>): RatingDto => ({
  ratingId: id,
  apiId,
  ratedBy,
  rating,
});

/** What a user who rated nothing reads of their own rating. */
export const noRating = (apiId: string, ratedBy: string): RatingDto => ({ ratingId: orNone<string>(null), apiId, ratedBy, rating: 0 });

export const toRatingList = ({ items, total, average, own }: RatingPage, window: PageQuery): RatingListDto => ({
  avgRating: averageText(average),
  userRating: own,
  ...page(items.map(toRatingDto), total, window),
});
