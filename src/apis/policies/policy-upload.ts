import { StreamableFile } from '@nestjs/common';
import { BadRequest } from '../../domain/problem.js';
import { Reply } from '../../platform/http/reply.js';
import type { UploadedFields } from '../../platform/http/upload.js';
import { disposition } from '../documents/document-content.reply.js';
import type { PolicyContent } from './operation-policy.entity.js';
import { archiveNameOf, POLICY_FORMATS, type PolicyFormat, writePolicyArchive } from './policy-archive.js';
import { checkExtension, type DefinitionFile, SCRIPT_EXTENSION, writtenPolicy } from './policy-content.js';
import { readSpecification } from './read-specification.js';

/** The parts of an upload. */
export const POLICY_PARTS = ['policySpecFile', 'synapsePolicyDefinitionFile', 'ccPolicyDefinitionFile'] as const;
type PolicyPart = (typeof POLICY_PARTS)[number];

/**
 * The policy that an upload holds; the names of its files are looked at for common policies alone. @throws BadRequest without a specification, the problems
 * of its files.
 */
export const uploadedPolicy = (files: UploadedFields | undefined, kind: 'common' | 'api'): PolicyContent => {
  const specification = fileOf(files, 'policySpecFile');
  if (specification === undefined) throw BadRequest('Policy specification file is missing.');
  const synapse = fileOf(files, 'synapsePolicyDefinitionFile');
  const choreo = fileOf(files, 'ccPolicyDefinitionFile');
  if (kind === 'common') {
    checkExtension(synapse, ['.j2', SCRIPT_EXTENSION]);
    checkExtension(choreo, ['.gotmpl']);
  }
  return writtenPolicy(readSpecification(specification.bytes), synapse, choreo);
};

const fileOf = (files: UploadedFields | undefined, part: PolicyPart): DefinitionFile | undefined => {
  const file = files?.[part]?.[0];
  return file && { name: file.originalname, bytes: file.buffer };
};

/** @throws BadRequest for a format that is not offered. */
export const formatOf = (format: unknown): PolicyFormat => {
  if (format === undefined || format === '') return 'YAML';
  const known = typeof format === 'string' ? POLICY_FORMATS.find((one) => one === format.toUpperCase()) : undefined;
  if (known === undefined) throw BadRequest('The format is one of YAML and JSON.');
  return known;
};

/** The policy as an archive to download. */
export const archiveReply = async (policy: PolicyContent, format: PolicyFormat): Promise<Reply<string>> => {
  const bytes = await writePolicyArchive(policy, format);
  const type = 'application/zip';
  return new Reply<string>(200, new StreamableFile(bytes, { type, length: bytes.length, disposition: disposition(archiveNameOf(policy)) }));
};
