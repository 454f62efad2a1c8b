import type { ResourcePolicyInfoDto } from './resource-policies.dto.js';
import type { ResourcePolicyEntity } from './resource-policy.entity.js';

export const toResourcePolicyInfoDto = ({ id, httpVerb, resourcePath, content }: ResourcePolicyEntity): ResourcePolicyInfoDto => ({
  id,
  httpVerb,
  resourcePath,
  content,
});
