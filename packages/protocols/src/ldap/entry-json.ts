/** Entries as JSON: text where values are text, base64 where they are not. */
import type { LdapEntry } from './decode-message.ts';

/** Known to be bytes in common directories, also when they happen to be valid UTF-8. Options such as `;binary` count too. */
const BINARY: ReadonlySet<string> = new Set([
  ...['objectguid', 'objectsid', 'sidhistory', 'thumbnailphoto', 'jpegphoto', 'usercertificate', 'usersmimecertificate', 'logonhours'],
  ...['cacertificate', 'certificaterevocationlist', 'ntsecuritydescriptor', 'msexchmailboxguid', 'ms-ds-consistencyguid', 'invocationid'],
]);
/** What no answer may carry on, whatever was asked for. */
const SECRET: ReadonlySet<string> = new Set([
  'userpassword',
  'unicodepwd',
  'sambantpassword',
  'sambalmpassword',
  'authpassword',
  'ms-mcs-admpwd',
]);

export type EntryJson = Readonly<Record<string, string | readonly string[]>>;

/**
 * `dn`, then one field for each attribute: text, or a list of texts where there are several values. Attributes with passwords are left out.
 * @param binary further attributes to write as base64
 */
export function entryJson({ dn, attributes }: LdapEntry, binary: readonly string[] = []): EntryJson {
  const wanted = new Set(binary.map((name) => name.toLowerCase()));
  const fields = attributes
    .filter(({ name }) => !SECRET.has(baseName(name)))
    .map(({ name, values }) => {
      const bytes =
        name.toLowerCase().includes(';binary') || BINARY.has(baseName(name)) || wanted.has(baseName(name)) || !values.every(isText);
      const texts = values.map((value) => value.toString(bytes ? 'base64' : 'utf8'));
      const [first = ''] = texts;
      return [name, texts.length === 1 ? first : texts] as const;
    });
  return Object.fromEntries([['dn', dn], ...fields.filter(([name]) => name !== '__proto__')]);
}

/** The values of one attribute as text; empty when the entry has none. Names are compared without case and options. */
export function valuesOf(entry: LdapEntry, attribute: string): string[] {
  return buffersOf(entry, attribute).map((value) => value.toString('utf8'));
}

/** The first value as text, or null. */
export function firstValue(entry: LdapEntry, attribute: string): string | null {
  return valuesOf(entry, attribute)[0] ?? null;
}

export function buffersOf({ attributes }: LdapEntry, attribute: string): readonly Buffer[] {
  const wanted = attribute.toLowerCase();
  return attributes.find(({ name }) => name.toLowerCase() === wanted)?.values ?? [];
}

/** Whether an attribute may hold a password. */
export function isSecretAttribute(name: string): boolean {
  return SECRET.has(baseName(name));
}

function baseName(name: string): string {
  return name.split(';', 1)[0]?.toLowerCase() ?? '';
}

function isText(value: Buffer): boolean {
  return Buffer.from(value.toString('utf8'), 'utf8').equals(value) && !value.includes(0);
}
