import { curlCommands } from './curl-commands.js';
import { type CollectionInput, postmanCollection } from './postman-collection.js';

/** Runs in the pool of worker threads: the converter alone takes a third of a second to load, and a definition may have ten megabytes. */
export const collection = async (input: CollectionInput): Promise<{ readonly text: string } | { readonly reason: string }> => {
  const made = await postmanCollection(input);
  return 'reason' in made ? made : { text: JSON.stringify(made.collection) };
};

export const commands = async (input: CollectionInput): Promise<{ readonly text: string } | { readonly reason: string }> => {
  const made = await postmanCollection(input);
  return 'reason' in made ? made : { text: JSON.stringify(curlCommands(made.collection, input)) };
};
