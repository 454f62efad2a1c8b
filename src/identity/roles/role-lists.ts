/** Names of roles separated by commas, as the tenant configuration has them; blanks around them left out. */
export const rolesOf = (text: string): readonly string[] => [
  ...new Set(
    text
      .split(',')
      .map((role) => role.trim())
      .filter((role) => role !== ''),
  ),
];

/**
 * The roles that pass as one of a tenant's original roles, by the original in lower case, from its `RoleMappings`: `{"Internal/creator": "developer,architect"}`.
 */
export const aliasesIn = (mappings: Readonly<Record<string, string>> = {}): ReadonlyMap<string, readonly string[]> => {
  const aliases = new Map<string, readonly string[]>();
  for (const [role, text] of Object.entries(mappings)) {
    const original = role.trim().toLowerCase();
    aliases.set(original, [...(aliases.get(original) ?? []), ...rolesOf(text)]);
  }
  return aliases;
};
