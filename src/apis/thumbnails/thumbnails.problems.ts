import { problem } from '../../domain/problem.js';

export const ThumbnailTooLarge = problem(
  400,
  901001,
  'Thumbnail image exceeds maximum allowed size',
  'Thumbnail image exceeds maximum allowed size of 1MB',
);
export const ThumbnailTooWide = problem(
  400,
  901002,
  'Thumbnail dimensions exceed maximum allowed limits',
  'Thumbnail dimensions exceed maximum allowed limits',
);
export const ThumbnailEmpty = problem(400, 901003, 'Thumbnail image is empty', 'The provided thumbnail image is empty');
export const ThumbnailMismatch = problem(
  415,
  902050,
  'Invalid or mismatched media type detected.',
  "File extension '%s' does not match detected MIME type '%s'",
);
export const ThumbnailExtension = problem(
  400,
  400,
  'Bad Request',
  "Unsupported thumbnail file extension '%s'. Supported extensions are .jpg, .jpeg, .png, .gif and .svg",
);
