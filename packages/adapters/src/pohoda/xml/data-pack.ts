/** The envelope of every request: `dat:dataPack` with one item, in Windows-1250 (www.stormware.cz/schema/version_2/data.xsd). */
import type { PohodaConfig } from '../config.ts';
import type { Cp1250 } from './cp1250.ts';
import { namespaceOf } from './namespaces.ts';
import { writeXml, type XmlElement } from './write-xml.ts';

export interface DataPack {
  /** The agenda element, e.g. `inv:invoice`. */
  root: string;
  element: XmlElement;
  /** Pack and item together are what Pohoda knows a repeated document by (64 characters each). */
  packId: string;
  itemId: string;
  note: string;
}

export type BuiltPack =
  | {
      ok: true;
      bytes: Buffer;
      /** Characters that were written differently. */
      changes: readonly string[];
    }
  | { ok: false; reason: string };

const CHANGES_MAX = 20;
const ID_MAX = 64;

/** The document as it goes out, or why the input does not make one. */
export function buildDataPack(pack: DataPack, config: PohodaConfig, codec: Cp1250): BuiltPack {
  const changes = new Set<string>();
  const fit = (value: string) => {
    const fitted = codec.fit(value, config.unmappable ?? 'transliterate');
    if (fitted.ok) for (const change of fitted.changes) if (changes.size < CHANGES_MAX) changes.add(change);
    return fitted;
  };
  const inner = writeXml(pack.root, pack.element, fit);
  if (!inner.ok) return inner;
  const namespaces: Record<string, string> = {};
  for (const prefix of ['dat', ...inner.prefixes]) {
    const namespace = namespaceOf(prefix, config.edition ?? 'cz');
    if (namespace === undefined) return { ok: false, reason: `Pohoda has no namespace with the prefix ${prefix}` };
    namespaces[`@xmlns:${prefix}`] = namespace;
  }
  const whole = writeXml(
    'dat:dataPack',
    {
      ...namespaces,
      '@version': '2.0',
      '@id': pack.packId.slice(0, ID_MAX),
      '@ico': config.ico,
      '@application': config.application ?? 'Nave',
      '@note': pack.note,
      'dat:dataPackItem': { '@version': '2.0', '@id': pack.itemId.slice(0, ID_MAX), [pack.root]: pack.element },
    },
    fit,
  );
  if (!whole.ok) return whole;
  const bytes = codec.encode(`<?xml version="1.0" encoding="Windows-1250"?>\n${whole.xml}`);
  return bytes === null
    ? { ok: false, reason: 'a name has a character that Windows-1250 does not have' }
    : { ok: true, bytes, changes: [...changes] };
}
