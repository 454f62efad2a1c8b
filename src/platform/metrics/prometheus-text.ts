export type Labels = Readonly<Record<string, string>>;

/** One line of the Prometheus text format 0.0.4. */
export const sample = (name: string, labels: Labels, value: number): string => {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
  return `${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${value}`;
};

const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

/** A whole metric: its head and its samples. */
export const metric = (
  name: string,
  type: 'gauge' | 'counter',
  help: string,
  samples: readonly (readonly [labels: Labels, value: number])[],
): string =>
  [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...samples.map(([labels, value]) => sample(name, labels, value)), ''].join('\n');

export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';
