import type { EndpointDocument } from '../../../domain/gateway-documents.js';
import type { LinkedDestination } from '../link.js';
import { type SequenceTarget, TO_TARGET } from './endpoint-forms.js';

const ADDRESSES_MAX = 1_000;

/** Takes an address apart. Throws an `Error` for one that is no address. */
export type Link = (organization: string, document: EndpointDocument) => LinkedDestination;

/** The addresses that policies name while they run, taken apart once each. What is known of their health is kept for each place that names them. */
export class Targets {
  private readonly known = new WeakMap<SequenceTarget, Map<string, LinkedDestination>>();

  constructor(private readonly link: Link) {}

  /** Where a message says; undefined where that is no http or https URL. */
  at(organization: string, url: string): LinkedDestination | undefined {
    if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return undefined;
    return this.find(organization, TO_TARGET, { url, onTimeout: 'fault', timeoutMs: null });
  }

  /** Throws an `Error` for what is no address. */
  find(organization: string, target: SequenceTarget, document: EndpointDocument): LinkedDestination {
    const others = document.group?.others.map(({ url }) => url).join(' ') ?? '';
    const key = `${organization} ${document.timeoutMs} ${document.url} ${others}`;
    const ofTarget = this.known.get(target) ?? new Map<string, LinkedDestination>();
    this.known.set(target, ofTarget);
    const known = ofTarget.get(key);
    if (known !== undefined) return known;
    const linked = this.link(organization, document);
    // Addresses may be made of what clients send: there is no end of them.
    if (ofTarget.size >= ADDRESSES_MAX) ofTarget.clear();
    ofTarget.set(key, linked);
    return linked;
  }
}
