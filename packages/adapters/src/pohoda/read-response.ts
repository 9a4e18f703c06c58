/** Reads `rsp:responsePack` with its three levels of state: pack, item, agenda (response.xsd, documentresponse.xsd). */
import { parseContentType, parseXml } from '@nave/adapter-kit';
import type { Cp1250 } from './xml/cp1250.ts';
import { attributeOf, childOf, childrenOf, isTree, localName, textAt, type XmlTree } from './xml/tree.ts';

/** A finding of Pohoda about a document it read. */
export interface ImportDetail {
  state: string;
  errno: string | null;
  note: string | null;
  xpath: string | null;
  requested: string | null;
  produced: string | null;
}

export interface Produced {
  id: string;
  number: string | null;
  code: string | null;
  action: string | null;
}

export interface ResponsePack {
  state: string;
  note: string | null;
  /** Of the accounting unit that answered. */
  ico: string | null;
  program: string | null;
  /** Of the one item we send; null when Pohoda refused the pack as a whole. */
  item: { state: string; note: string | null; agenda: Agenda | null } | null;
}

export interface Agenda {
  /** Local name, e.g. `invoiceResponse` or `listInvoice`. */
  name: string;
  state: string;
  details: readonly ImportDetail[];
  produced: Produced | null;
  node: XmlTree;
}

export type ReadPack = { ok: true; pack: ResponsePack } | { ok: false; reason: string };

/** Reasons never quote the answer. DTDs are refused by the parser. */
export function readResponse(body: Uint8Array, contentType: string, codec: Cp1250): ReadPack {
  const text = decodeXml(body, contentType, codec);
  if (text === null) return { ok: false, reason: 'an encoding that is neither Windows-1250 nor UTF-8' };
  if (text.trim() === '') return { ok: false, reason: 'nothing' };
  const parsed = parseXml(text);
  if (!parsed.ok) return parsed;
  const root = isTree(parsed.data) ? childOf(parsed.data, 'responsePack') : null;
  const state = attributeOf(root, 'state');
  if (root === null || state === null) return { ok: false, reason: 'XML without a responsePack' };
  const item = childOf(root, 'responsePackItem');
  return {
    ok: true,
    pack: {
      state,
      note: attributeOf(root, 'note'),
      ico: attributeOf(root, 'ico'),
      program: attributeOf(root, 'programVersion'),
      item: item === null ? null : { state: attributeOf(item, 'state') ?? '', note: attributeOf(item, 'note'), agenda: agendaOf(item) },
    },
  };
}

/** Pohoda writes Windows-1250 and says so; an answer that says nothing is taken for that. */
export function decodeXml(body: Uint8Array, contentType: string, codec: Cp1250): string | null {
  const head = Buffer.from(body.buffer, body.byteOffset, Math.min(body.byteLength, 200)).toString('latin1');
  const declared = /<\?xml[^>]{0,150}?encoding=["']([A-Za-z0-9._-]{1,40})["']/.exec(head)?.[1] ?? parseContentType(contentType).charset;
  const encoding = (declared ?? (head.startsWith('\u00ef\u00bb\u00bf') ? 'utf-8' : 'windows-1250')).toLowerCase();
  if (encoding === 'windows-1250' || encoding === 'cp1250') return codec.decode(body);
  if (encoding !== 'utf-8' && encoding !== 'utf8') return null;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return null;
  }
}

function agendaOf(item: XmlTree): Agenda | null {
  for (const name of Object.keys(item)) {
    if (name.startsWith('@') || name === '#text') continue;
    const node = childOf(item, localName(name));
    if (node === null) continue;
    return {
      name: localName(name),
      state: attributeOf(node, 'state') ?? '',
      details: childrenOf(childOf(node, 'importDetails'), 'detail').map(detailOf),
      produced: producedOf(childOf(node, 'producedDetails')),
      node,
    };
  }
  return null;
}

function detailOf(detail: XmlTree): ImportDetail {
  return {
    state: textAt(detail, 'state') ?? '',
    errno: textAt(detail, 'errno'),
    note: textAt(detail, 'note'),
    xpath: textAt(detail, 'XPath'),
    requested: textAt(detail, 'valueRequested'),
    produced: textAt(detail, 'valueProduced'),
  };
}

function producedOf(produced: XmlTree | null): Produced | null {
  const id = textAt(produced, 'id');
  if (id === null) return null;
  return { id, number: textAt(produced, 'number'), code: textAt(produced, 'code'), action: textAt(produced, 'actionType') };
}
