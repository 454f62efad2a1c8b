import { checkScript } from '../../scripts/script.js';
import type { MediatorCompiler } from '../compiler.js';

const LANGUAGES: readonly string[] = ['js', 'rhinoJs', 'nashornJs', 'graalJs'];

/** Runs a script that somebody wrote (`reference/mediation.md` §5). */
export const script: MediatorCompiler = (element, compiler) => {
  const language = element.attributes.get('language') ?? 'js';
  if (!LANGUAGES.includes(language)) compiler.refuse(element, `scripts in '${language}' are never supported; write them in js`);
  for (const name of ['key', 'function', 'include'])
    if (element.attributes.has(name))
      compiler.refuse(element, `'${name}' is never supported: there is no registry; write the script into the element`);
  compiler.onlyChildren(element);
  compiler.usesPayload = true;
  const place = { element: element.name, line: element.line };
  const { scripts } = compiler;
  if (scripts === null) {
    checkScript(element.text, place);
    return () => 'continue';
  }
  const compiled = scripts.compile(element.text, place);
  return (message) => compiled.run(message);
};
