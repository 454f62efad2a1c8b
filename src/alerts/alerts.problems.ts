import { BadRequest, NotFound, problem } from '../domain/problem.js';

export const AnalyticsNeeded = problem(404, 901600, '%s not accessible', 'Analytics should be enabled to access %s');
export const AlertsNeedAnalytics = () => BadRequest('Analytics not enabled: there are no alerts to subscribe to.');
export const EmailUnusable = BadRequest;
export const EmailSubscribed = problem(409, 409, 'Conflict', 'Subscription for the email %s already exists');
export const BotAlertSubscriptionNotFound = NotFound('bot detection alert subscription');
