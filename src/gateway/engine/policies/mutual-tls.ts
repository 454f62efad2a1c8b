import { TLSSocket } from 'node:tls';
import { type CertifiedClient, certificateOf, type PresentedCertificate } from '../credentials/client-certificates.js';
import type { ForwardedCertificates } from '../credentials/forwarded-certificates.js';
import type { Exchange } from '../exchange.js';
import { removeLookalikes, valuesOf } from '../front/headers.js';
import type { Operation } from '../link.js';
import type { Policy } from '../pipeline.js';

/** Which client a request's certificate stands for. */
export interface CertificateCheck {
  /** `absent` when no certificate was presented, `unknown` when it is none of the API's or not valid now. */
  identify(exchange: Exchange): CertifiedClient | 'absent' | 'unknown';
}

/**
 * Client certificates (`reference/key-manager.md` §6.4): that of the connection, or one that a trusted load balancer passes on. The header of any other
 * sender is neither read nor passed on.
 */
export const certificateCheck = ({ api }: Pick<Operation, 'api'>, forwarded: ForwardedCertificates): CertificateCheck => {
  const presentedIn = (exchange: Exchange): PresentedCertificate | 'unreadable' | undefined => {
    const { socket, rawHeaders } = exchange.request;
    const own = socket instanceof TLSSocket ? certificateOf(socket) : undefined;
    removeLookalikes(exchange.outbound, forwarded.header);
    const values = valuesOf(rawHeaders, forwarded.header);
    const [value] = values;
    if (value === undefined || !forwarded.believes(own, socket.remoteAddress ?? '', exchange.now)) return own;
    // A load balancer that adds its own to a client's leaves it open which is whose.
    if (values.length > 1) return 'unreadable';
    if (forwarded.isForwarded) exchange.outbound.push(forwarded.header, value);
    return forwarded.certificate(value) ?? 'unreadable';
  };

  return {
    identify(exchange) {
      const presented = presentedIn(exchange);
      if (presented === undefined) return 'absent';
      if (presented === 'unreadable' || !presented.isValid(exchange.now)) return 'unknown';
      return presented.matchIn(api.clientCertificates, exchange.now) ?? 'unknown';
    },
  };
};

/** Takes a load balancer's header off a request to an API that does not ask for certificates: its backend may be another API's, too. */
export const withoutCertificates =
  ({ header }: ForwardedCertificates): Policy =>
  ({ outbound }) => {
    removeLookalikes(outbound, header);
    return undefined;
  };
