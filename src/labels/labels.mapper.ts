import { page } from '../platform/http/page.js';
import type { LabelEntity } from './label.entity.js';
import type { Labelled } from './label-uses.js';
import type { LabelDto, LabelListDto, LabelUsageDto } from './labels.dto.js';
import type { LabelContent } from './labels.service.js';

export const toLabelDto = ({ id, name, description }: LabelEntity): LabelDto => ({ id, name, description });

export const fromLabelDto = ({ name, description }: LabelDto): LabelContent => ({ name, description: description ?? '' });

/** Labels are never paged: one page holds them all. */
export const toLabelList = (labels: readonly LabelEntity[], path: string): LabelListDto =>
  page(labels.map(toLabelDto), labels.length, { limit: labels.length, offset: 0, path, rest: '' });

export const toLabelUsage = (labelled: readonly Labelled[]): LabelUsageDto => ({
  apis: { count: labelled.length, list: labelled.map(({ provider, name, version, id }) => ({ provider, name, version, id })) },
});
