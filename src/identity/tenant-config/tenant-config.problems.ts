import { problem } from '../../domain/problem.js';

export const InvalidTenantConfig = problem(400, 902001, 'Invalid tenant-config found', 'Invalid tenant-config found with error %s');
