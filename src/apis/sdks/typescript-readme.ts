import type { ClientDefinition, ClientOperation } from './client-definition.js';
import type { SdkNames } from './sdk-names.js';

interface Described {
  readonly definition: ClientDefinition;
  readonly names: SdkNames;
  readonly tokenHeader: string;
}

export const typescriptReadme = ({ definition, names, tokenHeader }: Described): string => {
  const operations = Object.values(definition.paths).flatMap((path) => Object.values(path));
  const [first] = operations;
  return `${[
    `# Client of ${markdownLine(names.api)} ${markdownLine(names.version)}`,
    'One function for each operation, on `fetch`, without dependencies. Made from the definition in the developer portal.',
    '```ts\nimport { client, ' +
      `${first?.operationId ?? 'client'} } from '${names.artifactId.toLowerCase()}';\n\n` +
      `client.setConfig({\n${configOf(definition, tokenHeader)}});\n\n` +
      `const { data, error, response } = await ${first?.operationId ?? 'client.get'}(${argumentsOf(first)});\n\`\`\``,
    '`error` holds the body of an answer that is no success; with `throwOnError: true` it is thrown.',
    operations.length > 0 ? `## Operations\n\n${operations.map(lineOfOperation).join('\n')}` : 'The API has no operations.',
  ].join('\n\n')}\n`;
};

const configOf = ({ servers: [server], components }: ClientDefinition, tokenHeader: string): string => {
  const base = `  baseUrl: '${server?.url ?? 'https://address.of.the.gateway/context/version'}',\n`;
  const { api_key: key } = components.securitySchemes;
  if (tokenHeader.toLowerCase() !== 'authorization')
    return `${base}  // This API takes its token in a header of its own.\n  headers: { '${tokenHeader}': \`Bearer \${token}\` },\n`;
  if (key === undefined) return `${base}  auth: token,\n`;
  return `${base}  // A token or an API key will do.\n  auth: ({ type }) => (type === 'apiKey' ? undefined : token),\n`;
};

const argumentsOf = (operation: ClientOperation | undefined): string => {
  const needed = operation?.parameters.filter(({ required }) => required) ?? [];
  const places = (['path', 'query', 'headers'] as const).flatMap((place) => {
    const names = needed
      .filter((parameter) => place.startsWith(parameter.in))
      .map(({ name }) => `${/^[A-Za-z]\w*$/.test(name) ? name : JSON.stringify(name)}: …`);
    return names.length > 0 ? [`${place}: { ${names.join(', ')} }`] : [];
  });
  if (operation?.requestBody?.required) places.push('body: …');
  return places.length > 0 ? `{ ${places.join(', ')} }` : '';
};

const lineOfOperation = ({ operationId, summary }: ClientOperation): string =>
  `- \`${operationId}\`${summary === undefined ? '' : `: ${markdownLine(summary)}`}`;

/** Text that is text in Markdown as well. */
export const markdownLine = (text: string): string => text.replace(/[\p{Cc}\p{Cf}]/gu, ' ').replace(/[\\`*_{}[\]<>()#+!|~&-]/g, '\\$&');
