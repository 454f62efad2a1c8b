import { problem } from '../../domain/problem.js';

const INVALID_RESPONSE = 'Invalid response from AI service';

/** The product answers 500 with this code; nothing of this server failed. */
export const AiServiceFailed = problem(400, 903100, INVALID_RESPONSE, 'Error while invoking AI service. %s');
export const AiTokenRefused = problem(
  401,
  903101,
  'Invalid access token provided for AI service',
  'Invalid access token provided for AI service',
);
export const AiQuotaExceeded = problem(429, 903102, 'Quota exceeded for AI service', 'Quota exceeded for AI service');
export const AiNotConfigured = problem(
  400,
  400,
  'Bad Request',
  'No AI service is configured: apim.ai needs an endpoint and a token or a key.',
);
