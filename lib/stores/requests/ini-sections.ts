/** Settings by section; those of a part within a section are `part.name`. */
export type Sections = ReadonlyMap<string, ReadonlyMap<string, string>>;

/**
 * Reads a file of settings of a cloud's own tools (AWS SDKs and Tools Reference Guide, "Format of the shared config and credentials
 * files"; Azure CLI, "Configuration").
 */
export function readSections(text: string): Sections {
  const sections = new Map<string, Map<string, string>>();
  let section: Map<string, string> | undefined;
  let part = '';
  for (const line of text.split(/\r?\n/)) {
    const plain = line.replace(/(^|\s)[#;].*$/, '').trimEnd();
    const named = /^\[\s*(\w+\s+)?["']?(.+?)["']?\s*\]$/.exec(plain);
    if (named !== null) {
      const name = `${named[1]?.trim() ?? ''} ${named[2]}`.trim();
      section = sections.get(name) ?? new Map();
      sections.set(name, section);
      part = '';
      continue;
    }
    const [, indent = '', key = '', value = ''] = /^(\s*)([^=\s][^=]*?)\s*=\s*(.*)$/.exec(plain) ?? [];
    if (key === '') continue;
    if (indent === '') part = value === '' ? `${key}.` : '';
    if (value !== '') section?.set(indent === '' ? key : part + key, value);
  }
  return sections;
}
