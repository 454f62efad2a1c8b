import { CORRELATION_COMPONENTS, type CorrelationComponent } from '../../domain/correlation.js';
import type { CorrelationSwitches } from '../../platform/logging/correlation-log.js';
import { EmptyElement, NamedTwice, NotSwitched, UnknownComponent, UnknownProperty } from './correlation.problems.js';

export interface ComponentState {
  readonly name: CorrelationComponent;
  readonly enabled: boolean;
  /** Of `jdbc`; null: those of a new server. */
  readonly deniedThreads: readonly string[] | null;
}

/** A component as a caller sends it; nothing of it is checked yet. */
export interface SentComponent {
  readonly name?: string | undefined;
  readonly enabled?: string | undefined;
  readonly properties?:
    | readonly { readonly name?: string | undefined; readonly value?: readonly string[] | null | undefined }[]
    | null
    | undefined;
}

export const DENIED_THREADS = 'deniedThreads';
/** The product's; none of them runs statements here. */
export const USUAL_DENIED_THREADS = [
  'MessageDeliveryTaskPool',
  'HumanTaskServer',
  'BPELServer',
  'CarbonDeploymentSchedulerThread',
] as const;

/** Every component in its order, switched off where nothing is known of it. */
export const allComponents = (known: readonly ComponentState[]): readonly ComponentState[] =>
  CORRELATION_COMPONENTS.map((name) => known.find((state) => state.name === name) ?? { name, enabled: false, deniedThreads: null });

/** What the control plane writes down. */
export const switchesOf = (known: readonly ComponentState[]): CorrelationSwitches => {
  const isOn = (name: CorrelationComponent) => known.some((state) => state.name === name && state.enabled);
  const denied = known.find(({ name }) => name === 'jdbc')?.deniedThreads ?? USUAL_DENIED_THREADS;
  return { http: isOn('http'), jdbc: isOn('jdbc'), deniedThreads: denied };
};

/**
 * The states that the components sent come to; what is not said of one stays as it is.
 * @throws EmptyElement, UnknownComponent, NamedTwice, NotSwitched, UnknownProperty (400).
 */
export const changedComponents = (sent: readonly SentComponent[], known: readonly ComponentState[]): readonly ComponentState[] => {
  if (sent.length === 0) throw EmptyElement();
  const seen = new Set<string>();
  return sent.map(({ name, enabled, properties }) => {
    if (!name || !enabled) throw EmptyElement();
    const component = CORRELATION_COMPONENTS.find((each) => each === name);
    if (component === undefined) throw UnknownComponent();
    if (seen.has(name)) throw NamedTwice(name);
    seen.add(name);
    const switched = enabled.toLowerCase();
    if (switched !== 'true' && switched !== 'false') throw NotSwitched(name);
    let deniedThreads = known.find((state) => state.name === component)?.deniedThreads ?? null;
    for (const property of properties ?? []) {
      if (component !== 'jdbc' || property.name !== DENIED_THREADS) throw UnknownProperty(component, property.name ?? '');
      // An empty beginning would be that of every thread.
      if (!property.value || property.value.includes('')) throw EmptyElement();
      deniedThreads = property.value;
    }
    return { name: component, enabled: switched === 'true', deniedThreads };
  });
};
