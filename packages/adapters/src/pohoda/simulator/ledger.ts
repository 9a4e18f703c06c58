/** The books behind the simulated Pohoda: what was imported, found by its external key, changed and settled. */
import { attributeOf, childOf, childrenOf, localName, plainTree, textAt, type XmlTree } from '../xml/tree.ts';
import type { XmlElement, XmlNode } from '../xml/write-xml.ts';

/** A record of an agenda as the simulator keeps it. */
export interface SimulatedRecord {
  id: number;
  agenda: 'invoice' | 'order' | 'addressbook' | 'stock';
  type: string | null;
  number: string;
  extId: string | null;
  /** What is left to pay, in hundredths; 0 once it is settled. */
  toPay: bigint;
  /** The element as it came, without prefixes. */
  document: unknown;
  changedAtMs: number;
}

export interface ImportFinding {
  state: 'warning' | 'error';
  errno: number;
  note: string;
  xpath?: string;
  requested?: string;
  produced?: string;
}

export type Imported =
  | { record: SimulatedRecord; action: string; findings: readonly ImportFinding[] }
  | { findings: readonly ImportFinding[] };

const VAT: Readonly<Record<string, bigint>> = { none: 100n, low: 112n, high: 121n, third: 110n };

export class SimulatedLedger {
  readonly records: SimulatedRecord[] = [];
  readonly #now: () => number;
  #nextId = 1;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Takes an agenda element of a dataPackItem. */
  import(name: string, node: XmlTree): Imported {
    if (name === 'invoice' || name === 'order') return this.#document(name, node);
    if (name === 'addressbook') return this.#upsert('addressbook', childOf(node, 'addressbookHeader'), node);
    if (name === 'stock') return this.#upsert('stock', childOf(node, 'stockHeader'), node);
    if (name === 'liquidationWithoutLink') return this.#settle(node);
    return { findings: [{ state: 'error', errno: 551, note: `Neznámý prvek ${name}` }] };
  }

  /** What a list request asks for, oldest internal number first. */
  list(agenda: SimulatedRecord['agenda'], request: XmlTree): SimulatedRecord[] {
    const limit = childOf(request, 'limit');
    const asked =
      childrenOf(request, `request${{ invoice: 'Invoice', order: 'Order', addressbook: 'AddressBook', stock: 'Stock' }[agenda]}`)[0] ??
      null;
    const filter = childOf(asked, 'filter');
    const type = attributeOf(request, `${agenda}Type`);
    const from = Number(textAt(limit, 'idFrom') ?? 0);
    const changed = textAt(filter, 'lastChanges');
    const number = textAt(filter, 'selectedNumbers', 'number', 'numberRequested') ?? textAt(filter, 'code');
    const extId = textAt(filter, 'extId', 'ids');
    return this.records
      .filter((record) => record.agenda === agenda && record.id >= from && (type === null || record.type === type))
      .filter((record) => extId === null || record.extId === extId)
      .filter((record) => number === null || record.number === number)
      .filter((record) => changed === null || record.changedAtMs >= Date.parse(`${changed}Z`))
      .sort((one, other) => one.id - other.id)
      .slice(0, Number(textAt(limit, 'count') ?? 10_000));
  }

  /** Somebody works in Pohoda itself. */
  touch(id: number, change: Partial<Pick<SimulatedRecord, 'document' | 'toPay'>> = {}): void {
    const record = this.records.find((each) => each.id === id);
    if (record) Object.assign(record, change, { changedAtMs: this.#now() });
  }

  #document(agenda: 'invoice' | 'order', node: XmlTree): Imported {
    const header = childOf(node, `${agenda}Header`);
    const findings: ImportFinding[] = [];
    const items = childrenOf(childOf(node, `${agenda}Detail`), `${agenda}Item`);
    let total = 0n;
    for (const item of items) {
      const rate = textAt(item, 'rateVAT') ?? 'none';
      const vat = VAT[rate];
      if (vat === undefined) return { findings: [{ state: 'error', errno: 104, note: `Neplatná hodnota prvku rateVAT`, requested: rate }] };
      total += (hundredths(textAt(item, 'quantity') ?? '1') * hundredths(textAt(item, 'homeCurrency', 'unitPrice') ?? '0') * vat) / 10_000n;
    }
    const symVar = textAt(header, 'symVar');
    if (symVar !== null && /\D/.test(symVar)) {
      const produced = symVar.replace(/\D/g, '');
      findings.push({
        state: 'warning',
        errno: 603,
        note: 'Hodnota prvku musela být upravena',
        xpath: '/inv:symVar',
        requested: symVar,
        produced,
      });
    }
    const prefix = agenda === 'invoice' ? 'FV' : 'OP';
    const given = textAt(header, 'number', 'numberRequested');
    const type = textAt(header, `${agenda}Type`);
    const record = this.#add({
      agenda,
      type,
      number: given ?? '',
      extId: textAt(header, 'extId', 'ids'),
      toPay: total,
      document: plainTree(node),
    });
    if (given === null) record.number = `26${prefix}${String(record.id).padStart(5, '0')}`;
    return { record, action: 'add', findings };
  }

  #upsert(agenda: 'addressbook' | 'stock', header: XmlTree | null, node: XmlTree): Imported {
    const action = childOf(node, 'actionType');
    const add = childOf(action, 'add');
    const update = childOf(action, 'update');
    const filter = childOf(add ?? update, 'filter');
    const extId = textAt(filter, 'extId', 'ids') ?? textAt(header, 'identity', 'extId', 'ids');
    const code = textAt(filter, 'code') ?? textAt(header, 'code');
    const known = this.records.find((each) => each.agenda === agenda && (agenda === 'stock' ? each.number === code : each.extId === extId));
    const mayUpdate = update !== null || attributeOf(add, 'update') === 'true';
    if (known && mayUpdate) {
      known.document = plainTree(node);
      known.changedAtMs = this.#now();
      return { record: known, action: 'update', findings: [] };
    }
    // "When the same record is not found nothing is done": Pohoda says ok and produces nothing.
    if (update !== null) return { findings: [] };
    const record = this.#add({ agenda, type: null, number: code ?? '', extId, toPay: 0n, document: plainTree(node) });
    return { record, action: 'add', findings: [] };
  }

  #settle(node: XmlTree): Imported {
    const filter = childOf(childOf(node, 'record'), 'filter');
    const extId = textAt(filter, 'extId', 'ids');
    const number = textAt(filter, 'selectedNumbers', 'number', 'numberRequested');
    const invoice = this.records.find(
      (each) => each.agenda === 'invoice' && (extId === null ? each.number === number : each.extId === extId),
    );
    if (!invoice) return { findings: [{ state: 'error', errno: 113, note: 'Záznam nebyl nalezen' }] };
    if (invoice.toPay === 0n) return { findings: [{ state: 'error', errno: 112, note: 'Doklad je zlikvidován' }] };
    const amount = textAt(node, 'amountHome');
    invoice.toPay = amount === null ? 0n : invoice.toPay - hundredths(amount);
    invoice.changedAtMs = this.#now();
    return { record: invoice, action: 'liquidationWithoutLink', findings: [] };
  }

  #add(record: Omit<SimulatedRecord, 'id' | 'changedAtMs'>): SimulatedRecord {
    const added = { ...record, id: this.#nextId++, changedAtMs: this.#now() };
    this.records.push(added);
    return added;
  }
}

/** How a record looks in a list. */
export function exported({ id, agenda, type, number, extId, toPay, document }: SimulatedRecord): XmlElement {
  const prefix = { invoice: 'inv', order: 'ord', addressbook: 'adb', stock: 'stk' }[agenda];
  const header: Record<string, XmlNode> = { [`${prefix}:id`]: String(id) };
  const key = extId === null ? undefined : { 'typ:ids': extId, 'typ:exSystemName': 'Nave' };
  if (agenda === 'stock') header['stk:code'] = number;
  else if (agenda === 'addressbook') header['adb:identity'] = { 'typ:extId': key };
  else {
    header[`${prefix}:extId`] = key;
    header[`${prefix}:${agenda}Type`] = type ?? undefined;
    header[`${prefix}:number`] = { 'typ:numberRequested': number };
    header['inv:liquidation'] =
      agenda === 'invoice' ? { 'typ:amountHome': `${toPay / 100n}.${String(toPay % 100n).padStart(2, '0')}` } : undefined;
  }
  const name = Reflect.get(Object(Reflect.get(Object(document), `${agenda}Header`)), 'name');
  if (typeof name === 'string') header[`${prefix}:name`] = name;
  return { '@version': '2.0', [`${prefix}:${agenda}Header`]: header };
}

export const listedAgenda = (request: string): SimulatedRecord['agenda'] | null =>
  new Map<string, SimulatedRecord['agenda']>([
    ['listInvoiceRequest', 'invoice'],
    ['listOrderRequest', 'order'],
    ['listAddressBookRequest', 'addressbook'],
    ['listStockRequest', 'stock'],
  ]).get(localName(request)) ?? null;

function hundredths(decimal: string): bigint {
  const [, sign = '', whole = '0', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(decimal) ?? [];
  const value = BigInt(whole) * 100n + BigInt(fraction.padEnd(2, '0').slice(0, 2));
  return sign === '-' ? -value : value;
}
