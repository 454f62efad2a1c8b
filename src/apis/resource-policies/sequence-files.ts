import type { ArchiveFiles } from '../../platform/archives/read-archive.js';
import type { ResourceSequence } from './resource-policy.entity.js';

const FILE = /^SoapToRest\/(in|out)\/([^/]+)_([a-z]+)\.xml$/i;

/** The path of a sequence in an archive (`reference/publisher.md` §20.2): slashes and braces of the resource are escaped as in an address. */
export const sequencePath = ({ sequenceType, resourcePath, httpVerb }: Omit<ResourceSequence, 'content'>): string =>
  `SoapToRest/${sequenceType}/${encodeURIComponent(resourcePath)}_${httpVerb}.xml`;

/** The sequences that an archive holds. */
export const sequencesIn = (files: ArchiveFiles): readonly ResourceSequence[] => {
  const sequences = [...files].flatMap(([path, bytes]): readonly ResourceSequence[] => {
    const [, direction, name, verb] = FILE.exec(path) ?? [];
    if (direction === undefined || name === undefined || verb === undefined) return [];
    const sequenceType = direction.toLowerCase() === 'in' ? 'in' : 'out';
    return [{ sequenceType, httpVerb: verb.toLowerCase(), resourcePath: decoded(name), content: bytes.toString('utf8') }];
  });
  // Letter case tells files apart, not sequences.
  return [...new Map(sequences.map((sequence) => [sequencePath(sequence), sequence])).values()];
};

const decoded = (name: string): string => {
  try {
    return decodeURIComponent(name).replaceAll('\0', '');
  } catch {
    return name;
  }
};
