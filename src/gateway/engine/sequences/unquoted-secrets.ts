import type { AttachedPolicyDocument } from '../../../domain/gateway-documents.js';
import type { Parameters } from '../mediation/flows.js';
import { isSecretName } from '../mediation/mediation-log.js';
import { DefinitionError } from './message.js';

const MASK = 'masked';

/** The parameters of an attachment, and which of them are secret; those with a telling name always are. */
export type SecretParameters = Pick<AttachedPolicyDocument, 'parameters'> & { readonly secrets?: readonly string[] | null };

/**
 * Compiles a policy with its parameters so that no mistake in it quotes a secret: the mistake is told as it is with something else in the secret's place.
 * @throws DefinitionError.
 */
export const withoutQuotingSecrets = <T>({ parameters, secrets }: SecretParameters, compile: (parameters: Parameters) => T): T => {
  try {
    return compile(parameters);
  } catch (err) {
    const isSecret = (name: string): boolean => secrets?.includes(name) === true || isSecretName(name.toLowerCase());
    const names = Object.keys(parameters).filter((name) => isSecret(name) && parameters[name] !== undefined);
    if (names.length === 0) throw err;
    compile({ ...parameters, ...Object.fromEntries(names.map((name) => [name, MASK])) });
    // It is the secret that does not fit.
    const { element, line } = err instanceof DefinitionError ? err : { element: null, line: null };
    throw new DefinitionError(`a secret parameter (${names.join(', ')}) holds what cannot stand there`, element, line);
  }
};
