import type { SecurityRules } from '../credentials/security-rules.js';
import type { LinkedApi } from '../link.js';
import type { Policy } from '../pipeline.js';
import type { Refusal } from '../refusal.js';
import { type Authenticator, askAll, type Outcome } from './authenticate.js';
import type { CertificateCheck } from './mutual-tls.js';

/**
 * Asks for the client's certificate before any other credential, and weighs the two by what the API demands: a certificate that holds does not end the
 * search, as a token would (`reference/key-manager.md` §5). Test keys go before all of them; open resources ask nobody.
 */
export const authenticateMutually = (
  api: LinkedApi,
  isOpen: boolean,
  certificates: CertificateCheck,
  authenticators: readonly Authenticator[],
  internalKey: Policy,
  { demandsCertificate, demandsToken }: SecurityRules,
): Policy => {
  const { invalid, missing } = api.challenges;

  return (exchange) => {
    for (const authenticator of authenticators) authenticator.strip(exchange);
    const client = certificates.identify(exchange);
    if (isOpen) {
      exchange.isAnonymous = true;
      return undefined;
    }
    if (exchange.internalKey !== null) return internalKey(exchange);
    if (typeof client === 'string') {
      if (demandsCertificate) return invalid;
    } else {
      exchange.client = client;
    }

    /** What the tokens' refusal comes to beside the certificate. */
    const weigh = (refusal: Refusal | undefined): Outcome => {
      if (refusal === undefined || demandsToken) return refusal;
      if (exchange.client !== null) return undefined;
      return refusal === missing && client === 'unknown' ? invalid : refusal;
    };
    if (authenticators.length === 0) return undefined;
    const outcome = askAll(exchange, authenticators, missing);
    return outcome instanceof Promise ? outcome.then(weigh) : weigh(outcome);
  };
};
