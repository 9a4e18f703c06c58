/** Records of list answers as plain data. */
import type { Agenda } from './read-response.ts';
import { attributeOf, childOf, isTree, localName, plainTree, textAt, type XmlTree } from './xml/tree.ts';

export interface PohodaRecord {
  id: string;
  number: string | null;
  code: string | null;
  extId: string | null;
  /** What is left to pay in the home currency; null for agendas without payment. */
  toPay: string | null;
  /** The record as Pohoda exported it, without prefixes. */
  record: unknown;
}

export interface RecordPage {
  records: readonly PohodaRecord[];
  /** Records in the answer, those left out as well: whether the page was full. */
  total: number;
  /** Local time of the Pohoda server when it made the list. */
  stamp: string | null;
}

const BESIDE_RECORDS: ReadonlySet<string> = new Set(['importDetails', 'parts']);

/** The records of a `listInvoice`, `listStock`, `listAddressBook`, ... element. Records without an internal number are left out. */
export function recordsOf({ node }: Agenda): RecordPage {
  const records: PohodaRecord[] = [];
  let total = 0;
  for (const [name, value] of Object.entries(node)) {
    if (name.startsWith('@') || name === '#text' || BESIDE_RECORDS.has(localName(name))) continue;
    for (const each of Array.isArray(value) ? value : [value]) {
      const record = isTree(each) ? recordOf(each) : null;
      total += 1;
      if (record !== null) records.push(record);
    }
  }
  return { records, total, stamp: attributeOf(node, 'dateTimeStamp') };
}

/** The internal number after the highest one, from which the next page goes on; null without any. */
export function nextIdOf(records: readonly PohodaRecord[]): string | null {
  let highest = 0n;
  for (const { id } of records) if (/^[0-9]{1,18}$/.test(id) && BigInt(id) > highest) highest = BigInt(id);
  return highest === 0n ? null : String(highest + 1n);
}

function recordOf(record: XmlTree): PohodaRecord | null {
  const header = headerOf(record);
  const id = textAt(header, 'id');
  if (id === null) return null;
  const extId = childOf(header, 'extId') ?? childOf(childOf(header, 'identity'), 'extId');
  return {
    id,
    number: textAt(header, 'number', 'numberRequested') ?? textAt(header, 'number'),
    code: textAt(header, 'code'),
    extId: textAt(extId, 'exSystemItemId') ?? textAt(extId, 'ids'),
    toPay: textAt(header, 'liquidation', 'amountHome'),
    record: plainTree(record),
  };
}

/** `invoiceHeader`, `stockHeader`, ...: the first child whose name ends so; the record itself where there is none. */
function headerOf(record: XmlTree): XmlTree {
  const name = Object.keys(record).find((key) => !key.startsWith('@') && key.endsWith('Header'));
  return (name === undefined ? null : childOf(record, localName(name))) ?? record;
}
