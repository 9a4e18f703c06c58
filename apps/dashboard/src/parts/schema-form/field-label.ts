/** Names of fields as people read them. */
import { isJsonObject, textOf } from './schema-shape.ts';

const WRITTEN_LARGE = new Map(
  ['url', 'id', 'tls', 'http', 'https', 'xml', 'json', 'api', 'wsdl', 'dn', 'ca', 'soap', 'mtom', 'ldap', 'uri', 'html', 'ip', 'ttl'].map(
    (word) => [word, word.toUpperCase()],
  ),
);

/** The title of the schema, else the name in words: `baseUrl` is `Base URL`, `api-key` is `API key`. */
export function fieldLabel(name: string, schema?: unknown): string {
  const title = isJsonObject(schema) ? textOf(schema, 'title') : null;
  if (title !== null) return title;
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .split(/[\s_-]+/)
    .filter((word) => word !== '')
    .map((word) => WRITTEN_LARGE.get(word.toLowerCase()) ?? word.toLowerCase());
  const text = words.join(' ');
  return text === '' ? name : text.charAt(0).toUpperCase() + text.slice(1);
}
