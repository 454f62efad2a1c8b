import type { ApiDocument, AttachedPolicyDocument, BackendDocument, EndpointDocument } from '../../domain/gateway-documents.js';
import type { ArtifactState, DeployedArtifact } from '../deployed-artifacts.js';
import { reasonOf } from './artifacts.service.js';

export interface DeployResponseBody {
  readonly deployStatus: 'DEPLOYED' | 'UNDEPLOYED' | 'ERROR';
  readonly jsonPayload: string;
}

export const toDeployResponse = (
  done: 'DEPLOYED' | 'UNDEPLOYED',
  { isDone, state }: { readonly isDone: boolean; readonly state: ArtifactState },
): DeployResponseBody => ({
  deployStatus: isDone ? done : 'ERROR',
  jsonPayload: JSON.stringify({
    ...(!isDone && { reason: done === 'DEPLOYED' ? reasonOf(state) : 'not all gateways have confirmed it yet.' }),
    environments: state.artifacts.map(({ environment, live, settled }) => ({ name: environment, gateways: live, confirmed: settled })),
  }),
});

const MASK = '*****';
/** Properties of documents that hold what no administrator needs to see: credentials of backends, and which parameters of policies are secret. */
const isSecret = (key: string): boolean => key === 'secrets' || key === 'hasPolicySecrets';

/** The gateways' documents as JSON text, without the credentials of backends and with the secret parameters of policies masked. */
export const artifactText = (artifacts: readonly DeployedArtifact[]): string =>
  JSON.stringify(
    artifacts.map(({ document }) => document),
    (key, value: unknown) => {
      if (isSecret(key)) return undefined;
      return isAttached(value) ? { ...value, parameters: masked(value) } : value;
    },
  );

/** Only attachments have parameters beside the names of those that are secret. */
const isAttached = (value: unknown): value is AttachedPolicyDocument =>
  typeof value === 'object' && value !== null && 'parameters' in value && 'secrets' in value && Array.isArray(value.secrets);

const masked = ({ parameters, secrets }: AttachedPolicyDocument): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, secrets?.includes(name) ? MASK : value]));

/** Endpoints in the product's notation, each once. */
export const endpointTexts = (artifacts: readonly DeployedArtifact[]): readonly string[] =>
  distinct(
    documentsOf(artifacts).flatMap((document) =>
      [document.endpoints, ...(document.backends ?? [])].flatMap((backend) => textsOf(document, backend)),
    ),
  );

const textsOf = ({ name, version }: ApiDocument, { production, sandbox }: BackendDocument): readonly string[] => {
  const text = (type: 'production' | 'sandbox', { url }: EndpointDocument) =>
    `<endpoint xmlns="http://ws.apache.org/ns/synapse" name="${xml(`${name}--v${version}_API${type}Endpoint`)}">` +
    `<http uri-template="${xml(url)}"/><property name="ENDPOINT_ADDRESS" value="${xml(url)}"/></endpoint>`;
  const all = (endpoint: EndpointDocument | null) => (endpoint === null ? [] : [endpoint, ...(endpoint.group?.others ?? [])]);
  return [...all(production).map((endpoint) => text('production', endpoint)), ...all(sandbox).map((endpoint) => text('sandbox', endpoint))];
};

/** What users have written that runs for the API: sequences as XML, and scripts. */
export const sequenceTexts = (artifacts: readonly DeployedArtifact[]): readonly string[] =>
  distinct(
    documentsOf(artifacts).flatMap(({ definitions = {}, endpoints, operations }) => [
      ...Object.values(definitions).map(({ text }) => text),
      ...[endpoints.productionSequence, endpoints.sandboxSequence],
      ...operations.flatMap(({ translation }) => [translation?.in, translation?.out]),
    ]),
  );

/** The definitions of the deployed revisions, in the product's notation under the API's id. */
export const localEntryTexts = (artifacts: readonly DeployedArtifact[]): readonly string[] =>
  distinct(
    artifacts.map(({ document, definition }) =>
      document === null || definition === null
        ? undefined
        : `<localEntry xmlns="http://ws.apache.org/ns/synapse" key="${document.apiId}">${xml(definition)}</localEntry>`,
    ),
  );

const documentsOf = (artifacts: readonly DeployedArtifact[]): readonly ApiDocument[] =>
  artifacts.flatMap(({ document }) => (document === null ? [] : [document]));

const distinct = (texts: readonly (string | undefined)[]): readonly string[] => [...new Set(texts.filter((text) => text !== undefined))];

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const xml = (text: string): string => text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
