import { BadRequest, problem } from '../../domain/problem.js';

export const AuditNotConfigured = () => BadRequest('Security audits are not configured: give api_token, collection_id and base_url.');
export const AuditFailed = problem(400, 400, 'Bad Request', 'The security audit service failed: %s.');
