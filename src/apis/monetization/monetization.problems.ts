import { NotFound, problem } from '../../domain/problem.js';

export const MonetizationRefused = problem(400, 400, 'Bad Request', '%s');
export const SubscriptionUnknown = NotFound('Subscription');
