import { problem } from '../../domain/problem.js';

export const LabelAttachmentFailed = problem(400, 900655, 'Label Attachment Failed', 'Error occurred while attaching label(s) to API. %s');
export const LabelDetachmentFailed = problem(
  400,
  900656,
  'Label Detachment Failed',
  'Error occurred while detaching label(s) from API. %s',
);
