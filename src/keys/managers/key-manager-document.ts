import type { Jwk, KeyManagerDocument } from '../../domain/gateway-documents.js';
import { type KeyManager, RESIDENT_TYPE } from './key-manager.js';

/** What the gateways are told of a key manager: nothing secret. */
export const keyManagerDocument = (keyManager: KeyManager, jwks: readonly Jwk[]): KeyManagerDocument => ({
  name: keyManager.name,
  type: keyManager.type,
  issuer: keyManager.issuer,
  enabled: keyManager.enabled,
  tokenType: keyManager.tokenType,
  jwks,
  isPinned: keyManager.certificates?.type === 'PEM',
  isSelfValidated: keyManager.enableSelfValidationJWT,
  isIntrospectable: keyManager.type === RESIDENT_TYPE || keyManager.introspectionEndpoint !== '',
  consumerKeyClaim: keyManager.consumerKeyClaim,
  scopesClaim: keyManager.scopesClaim,
  claimMapping: keyManager.claimMapping,
  tokenValidation: keyManager.tokenValidation.filter(({ enable }) => enable).map(({ type, value }) => ({ type, value })),
});
