import { dump } from 'js-yaml';
import { BadRequest } from '../../domain/problem.js';
import { type ArchiveFiles, ArchiveRefused, readArchive } from '../../platform/archives/read-archive.js';
import { writeArchive } from '../../platform/archives/write-archive.js';
import type { PolicyContent } from './operation-policy.entity.js';
import { SCRIPT_EXTENSION, writtenPolicy } from './policy-content.js';
import type { PolicyAttribute, PolicySpecification } from './policy-specification.js';
import { readSpecification, SPECIFICATION_TYPE } from './read-specification.js';

export const POLICY_FORMATS = ['YAML', 'JSON'] as const;
export type PolicyFormat = (typeof POLICY_FORMATS)[number];

const DOCUMENT_VERSION = 'v4.7.0';
const LIMITS = { entriesMax: 20, bytesMax: 4 * 1_048_576 };

/** Without what file systems do not take. */
export const fileNameOf = (name: string): string => name.replace(/[\p{Cc}\\/:*?"<>|]/gu, '').replace(/^\.+/, '') || 'policy';

/** The specification and the templates of a policy as files that share a name. */
export const policyFiles = (
  { specification, synapse, language, choreo }: Pick<PolicyContent, 'specification' | 'synapse' | 'language' | 'choreo'>,
  format: PolicyFormat,
  baseName: string,
): readonly (readonly [path: string, content: string])[] => [
  [`${baseName}.${format.toLowerCase()}`, documentOf(specification, format)],
  ...(synapse === null ? [] : [[`${baseName}${language === 'javascript' ? SCRIPT_EXTENSION : '.j2'}`, synapse] as const]),
  ...(choreo === null ? [] : [[`${baseName}.gotmpl`, choreo] as const]),
];

/** The archive of one policy: a folder of its name with its files. */
export const writePolicyArchive = (policy: PolicyContent, format: PolicyFormat): Promise<Buffer> => {
  const name = fileNameOf(policy.name);
  return writeArchive(policyFiles(policy, format, `${name}/${name}`));
};

/** The name of the archive. */
export const archiveNameOf = ({ name, version }: Pick<PolicyContent, 'name' | 'version'>): string =>
  `${fileNameOf(`${name}_${version}`)}.zip`;

/** Reads what {@link writePolicyArchive} wrote. @throws BadRequest for an archive of another layout, the problems of its files. */
export const readPolicyArchive = async (bytes: Buffer): Promise<PolicyContent> => {
  const files = await unpacked(bytes);
  const specification = only(files, /\.(ya?ml|json)$/i, 'specification');
  if (specification === undefined) throw BadRequest('The archive holds no policy specification.');
  const synapse = only(files, /\.(?:j2|js)$/i, 'definition for this gateway');
  const choreo = only(files, /\.gotmpl$/i, 'Choreo Connect definition');
  return writtenPolicy(readSpecification(specification.bytes), synapse, choreo);
};

const unpacked = async (bytes: Buffer): Promise<ArchiveFiles> => {
  try {
    return await readArchive(bytes, LIMITS);
  } catch (err) {
    if (err instanceof ArchiveRefused) throw BadRequest(err.message);
    throw err;
  }
};

const only = (files: ArchiveFiles, pattern: RegExp, what: string) => {
  const [first, second] = [...files].filter(([path]) => pattern.test(path) && !path.startsWith('__MACOSX/'));
  if (second !== undefined) throw BadRequest(`The archive holds more than one ${what}.`);
  return first && { name: first[0], bytes: first[1] };
};

const documentOf = (specification: PolicySpecification, format: PolicyFormat): string => {
  const { category, name, version, displayName, description } = specification;
  const { applicableFlows, supportedGateways, supportedApiTypes } = specification;
  const data = {
    category,
    name,
    version,
    displayName,
    description,
    policyAttributes: specification.policyAttributes.map(attributeData),
    applicableFlows,
    supportedGateways,
    supportedApiTypes,
  };
  const document = { type: SPECIFICATION_TYPE, version: DOCUMENT_VERSION, data };
  return format === 'JSON' ? `${JSON.stringify(document, null, 2)}\n` : dump(document, { lineWidth: -1, noRefs: true });
};

/** What the database kept in an order of its own, in the order people write it. */
const attributeData = ({ name, displayName, description, type, required, ...rest }: PolicyAttribute) => ({
  name,
  displayName,
  ...(description !== undefined && { description }),
  type,
  required,
  ...rest,
});
