import { Config } from './config.js';
import { type SectionClass, type SettingFacts, settingsOf } from './setting.js';
import { WITHOUT_EFFECT } from './without-effect.js';

/** One table of the file: its path, and the keys that stand in it directly. */
interface Table {
  readonly path: string;
  readonly description: string;
  /** Written `[[path]]`: it may be repeated. */
  readonly repeated: boolean;
  readonly keys: readonly Key[];
}

interface Key {
  readonly facts: SettingFacts;
  readonly path: string;
  readonly value: unknown;
}

/** Every table that holds keys, in the order of the classes. */
const tables = (): readonly Table[] => tablesOf(Config, '', '', false);

const tablesOf = (section: SectionClass, path: string, description: string, repeated: boolean): readonly Table[] => {
  const defaults = new section() as Readonly<Record<string, unknown>>; // read by the names its own settings declare
  const settings = settingsOf(section);
  const full = (key: string) => (path ? `${path}.${key}` : key);
  const keys = settings
    .filter((facts) => !facts.section && !facts.listOf)
    .map((facts) => ({ facts, path: full(facts.key), value: defaults[facts.property] }));
  const below = settings.flatMap((facts) => {
    const of = facts.section ?? facts.listOf;
    return of ? tablesOf(of, full(facts.key), facts.description, facts.listOf !== undefined) : [];
  });
  return [...(keys.length > 0 ? [{ path, description, repeated, keys }] : []), ...below];
};

const tomlOf = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(tomlOf).join(', ')}]`;
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
};

const header = ({ path, repeated }: Table): string => (repeated ? `[[${path}]]` : `[${path}]`);

/** `deployment.toml` with every key at its default, commented out: loading it as it is changes nothing. */
export const describeToml = (): string => {
  const blocks = tables().map((table) => {
    // A live header of a repeated table would add an entry.
    const lines = [table.repeated ? `# ${header(table)}` : header(table)];
    if (table.description) lines.unshift(`# ${table.description}`);
    for (const { facts, value } of table.keys) lines.push('', `# ${facts.description}`, `# ${facts.key} = ${tomlOf(value)}`);
    return lines.join('\n');
  });
  return `${TOML_HEAD}\n\n${blocks.join('\n\n')}\n`;
};

const TOML_HEAD = `# The configuration of Gatehouse. Every key is shown with its default; take away the "# " in front of a key to change it.
# This file is written by "gatehouse config docs --toml"; what the keys mean in more words is in docs/configuration.md.
#
# A value may hold $env{VARIABLE}, $ref{other.key} or $secret{alias}, the alias being a key of the table [secrets].
# Any key can be set from the environment too: APIM_SERVER__OFFSET is the key offset of the table [server].`;

/** The reference of every key as Markdown. */
export const describeMarkdown = (): string => {
  const sections = tables().map((table) => {
    const rows = table.keys.map(({ facts, path, value }) =>
      row(
        `\`${facts.key}\``,
        facts.type,
        `\`${tomlOf(value)}\``,
        facts.secret ? `${facts.description} Secret: never logged.` : facts.description,
        variableOf(table, path),
      ),
    );
    const description = table.description ? [table.description, ''] : [];
    return [
      `### \`${header(table)}\``,
      '',
      ...description,
      row('key', 'type', 'default', 'meaning', 'variable'),
      row(...Array(5).fill('---')),
      ...rows,
    ].join('\n');
  });
  const ignored = [row('key', 'why'), row('---', '---'), ...WITHOUT_EFFECT.map(([key, reason]) => row(`\`${key}\``, reason))];
  return [MARKDOWN_HEAD, ...sections, MARKDOWN_IGNORED, ignored.join('\n')].join('\n\n').concat('\n');
};

const variableOf = (table: Table, path: string): string => (table.repeated ? '' : `\`APIM_${path.split('.').join('__').toUpperCase()}\``);

const row = (...cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

const MARKDOWN_HEAD = `# Configuration

<!-- Written by "gatehouse config docs" from the configuration classes; do not edit. -->

The server reads \`config/deployment.toml\`, or the file that \`--config\` or \`APIM_CONFIG\` names. An absent file, table or key means the default. The file
is read once, at the start; a mistake stops the start with one line that names the key.

- **From the environment.** Every key can be set by a variable: \`APIM_\`, then the path in capitals with \`__\` between the levels.
  \`APIM_SERVER__OFFSET=100\` is the key \`offset\` of the table \`[server]\`. Variables win over the file.
- **References.** A value may hold \`$env{VARIABLE}\`, \`$ref{other.key}\` and \`$secret{alias}\`. A secret stands in the table \`[secrets]\` as
  \`alias = "[plain text]"\`, or as what \`gatehouse secrets encrypt\` printed for it, or in the environment variable of that name.
- **Three kinds of key.** Those listed here are honoured. Those of another API manager's file that mean nothing here are accepted with one warning each
  ([below](#accepted-without-effect)). Any other key stops the start, with the nearest known key as a hint.
- **Try it out.** \`npx gatehouse config check --config my.toml\` reads a file and says what is wrong with it.

The profile says what parts of the server run: \`all-in-one\` (the default), \`control-plane\`, \`gateway\` or \`key-manager\`. It comes from \`--profile\`,
\`APIM_PROFILE\` or \`server.server_role\`; a file in \`config/profiles/\` lists its modules.

## Keys`;

const MARKDOWN_IGNORED = '## Accepted without effect';
