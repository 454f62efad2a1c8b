import { randomUUID } from 'node:crypto';
import type { ArchiveFiles } from '../../platform/archives/read-archive.js';
import { APIDto } from '../dto/api.dto.js';
import type { OperationPolicyDto } from '../dto/api-operations.dto.js';
import type { AdaptedApi } from './adapt-policies.js';
import type { ArchivedPolicy } from './attached-policies.js';
import { writtenPolicy } from './policy-content.js';
import type { PolicyFlow } from './policy-specification.js';

/** Where archives older than 4.1 have the sequences of an API (`reference/mediation.md` §1). */
const FILE = /^Sequences\/(in|out|fault)-sequence\/(?:Custom\/)?([^/]+)\.xml$/i;
const FLOWS: Readonly<Record<string, PolicyFlow>> = { in: 'request', out: 'response', fault: 'fault' };
const VERSION = 'v1';

/** The API object with the sequences of an old archive as policies of its own, attached to the whole API. @throws UnusableDefinition (902006). */
export const withLegacySequences = (files: ArchiveFiles, adapted: AdaptedApi): AdaptedApi => {
  const sequences = sequencesIn(files, adapted.dto.type ?? 'HTTP');
  if (sequences.length === 0) return adapted;
  const { apiPolicies } = adapted.dto;
  const attached = (flow: PolicyFlow): OperationPolicyDto[] => [
    ...(apiPolicies?.[flow] ?? []),
    ...sequences.filter((sequence) => sequence.flow === flow).map(({ policy }) => attachmentOf(policy)),
  ];
  const flows = { request: attached('request'), response: attached('response'), fault: attached('fault') };
  const dto = Object.assign(new APIDto(), adapted.dto, { apiPolicies: flows });
  return { dto, policies: [...adapted.policies, ...sequences.map(({ policy }) => policy)] };
};

interface LegacySequence {
  readonly flow: PolicyFlow;
  readonly policy: ArchivedPolicy;
}

const sequencesIn = (files: ArchiveFiles, apiType: string): readonly LegacySequence[] => {
  const taken = new Set<string>();
  return [...files].flatMap(([path, bytes]): readonly LegacySequence[] => {
    const [, folder = '', file] = FILE.exec(path) ?? [];
    const flow = FLOWS[folder.toLowerCase()];
    if (flow === undefined || file === undefined) return [];
    // A name may be there once in each flow; policies have it once.
    const name = taken.has(file) ? `${file}_${flow}` : file;
    taken.add(name);
    const specification = {
      category: 'Mediation' as const,
      name,
      version: VERSION,
      displayName: name,
      description: '',
      policyAttributes: [],
      applicableFlows: [flow],
      supportedGateways: ['Synapse'],
      supportedApiTypes: [apiType],
    };
    const content = writtenPolicy(specification, { name: path, bytes: templateOf(bytes) }, undefined);
    return [{ flow, policy: { id: randomUUID(), ...content } }];
  });
};

/** A sequence is no template: what looks like one is text. */
const templateOf = (bytes: Buffer): Buffer => {
  const text = bytes.toString('utf8').replace(/^\uFEFF?\s*<\?xml[^>]*\?>/, '');
  return Buffer.from(/\{[{%#]/.test(text) ? `{% raw %}${text}{% endraw %}` : text);
};

const attachmentOf = ({ id, name }: ArchivedPolicy): OperationPolicyDto => ({
  policyName: name,
  policyVersion: VERSION,
  policyType: 'api',
  policyId: id,
  parameters: {},
});
