import { SchemaSet } from '../../gateway/engine/validation/schema-set.js';
import { type DefinedMessages, definedMessages } from './message-documents.js';
import { Unusable } from './schema-texts.js';

/** Every gateway holds the schemas of an API in memory, once in each worker. */
const CHARACTERS_MAX = 8 * 1_048_576;

/** What a definition, as JSON, says about messages, as JSON; unusable where the gateway could not check something of it. */
export const read = (content: string): string => {
  try {
    const defined = definedMessages(JSON.parse(content));
    const text = JSON.stringify(defined);
    if (text.length > CHARACTERS_MAX) return unusable('its schemas are too large');
    verify(defined);
    return text;
  } catch (err) {
    if (err instanceof Unusable) return unusable(err.message);
    if (err instanceof RangeError) return unusable('its schemas are nested too deeply');
    throw err;
  }
};

const unusable = (reason: string): string => JSON.stringify({ validation: { unusable: reason }, messages: {} } satisfies DefinedMessages);

/** Compiles all that the gateway will. @throws Unusable */
const verify = ({ validation, messages }: DefinedMessages): void => {
  if ('unusable' in validation) return;
  const set = new SchemaSet(validation.schemas);
  attempt('a schema', () => set.verify());
  for (const [operation, { parameters, body, responses }] of Object.entries(messages)) {
    const answers = Object.values(responses);
    const schemas = [
      ...[...parameters, ...answers.flatMap(({ headers }) => headers)].map(({ schema }) => schema),
      ...[...(body?.content ?? []), ...answers.flatMap(({ content }) => content)].flatMap(({ schema }) => schema ?? []),
    ];
    for (const schema of new Set(schemas)) attempt(operation, () => set.check(schema).messages(undefined, ''));
  }
};

const attempt = (where: string, compile: () => void): void => {
  try {
    compile();
  } catch (err) {
    if (err instanceof RangeError) throw err;
    throw new Unusable(`${where}: ${err instanceof Error ? err.message : String(err)}`);
  }
};
