/** Requests that read: lists of an agenda with a filter and a limit (list.xsd, list_stock.xsd, list_addBook.xsd, filter.xsd). */
import { EXPECTED_MARK } from '@nave/adapter-kit';
import { type Static, Type } from 'typebox';
import { Whole } from '../decimal.ts';
import type { XmlElement, XmlNode } from '../xml/write-xml.ts';
import { InvoiceType } from './invoice.ts';
import { closed, day, text } from './shared.ts';

const LIST_COUNT = 100;
const LIST_COUNT_MAX = 1_000;
const page = {
  count: Type.Optional(Whole(`Records at most, up to ${LIST_COUNT_MAX}. Default ${LIST_COUNT}`)),
  idFrom: Type.Optional(Whole('Records from this internal number on: `next` of the answer before')),
  changedSince: Type.Optional(
    Type.String({
      pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}$',
      description: 'Changed since, in the local time of the Pohoda server (filter lastChanges)',
      [EXPECTED_MARK]: 'a local time such as 2026-11-21T08:00:00',
    }),
  ),
};

export const ListInvoices = Type.Object(
  {
    type: Type.Optional(InvoiceType),
    dateFrom: Type.Optional(day('Dated from')),
    dateTill: Type.Optional(day('Dated till')),
    number: Type.Optional(text(32, 'Number of the invoice')),
    partnerIco: Type.Optional(text(15, 'Registration number of the partner')),
    ...page,
  },
  closed,
);
export type ListInvoices = Static<typeof ListInvoices>;

export const ListStock = Type.Object(
  {
    code: Type.Optional(text(64, 'Code of the card')),
    ean: Type.Optional(text(20, 'Bar code')),
    storage: Type.Optional(text(80, 'Storage (cleneni)')),
    store: Type.Optional(text(19, 'Store')),
    internet: Type.Optional(Type.Boolean({ description: 'Only cards that are offered on the internet' })),
    ...page,
  },
  closed,
);
export type ListStock = Static<typeof ListStock>;

export interface ListRequest {
  root: string;
  element: XmlElement;
}

interface Page {
  count?: string | undefined;
  idFrom?: string | undefined;
}

/** How many records a page asks for. */
export function countOf({ count }: Page): number {
  return count === undefined ? LIST_COUNT : Math.min(Math.max(1, Number(count)), LIST_COUNT_MAX);
}

function limit(prefix: string, page: Page): Record<string, XmlNode> {
  return { [`${prefix}:limit`]: { 'ftr:idFrom': page.idFrom, 'ftr:count': String(countOf(page)) } };
}

function filtered(filter: XmlElement): XmlElement {
  return Object.values(filter).some((value) => value !== undefined) ? { 'ftr:filter': filter } : {};
}

export function invoicesRequest(filter: XmlElement, type: string | undefined, pages: Page): ListRequest {
  return {
    root: 'lst:listInvoiceRequest',
    element: {
      '@version': '2.0',
      '@invoiceVersion': '2.0',
      '@invoiceType': type ?? 'issuedInvoice',
      ...limit('lst', pages),
      'lst:requestInvoice': filtered(filter),
    },
  };
}

export function ordersRequest(filter: XmlElement, type: string | undefined, pages: Page): ListRequest {
  return {
    root: 'lst:listOrderRequest',
    element: {
      '@version': '2.0',
      '@orderVersion': '2.0',
      '@orderType': type ?? 'receivedOrder',
      ...limit('lst', pages),
      'lst:requestOrder': filtered(filter),
    },
  };
}

export function addressesRequest(filter: XmlElement, pages: Page): ListRequest {
  return {
    root: 'lAdb:listAddressBookRequest',
    element: { '@version': '2.0', '@addressBookVersion': '2.0', ...limit('lAdb', pages), 'lAdb:requestAddressBook': filtered(filter) },
  };
}

export function stockRequest(filter: XmlElement, pages: Page): ListRequest {
  return {
    root: 'lStk:listStockRequest',
    element: { '@version': '2.0', '@stockVersion': '2.0', ...limit('lStk', pages), 'lStk:requestStock': filtered(filter) },
  };
}

export function invoicesFilter(input: ListInvoices): XmlElement {
  return {
    'ftr:dateFrom': input.dateFrom,
    'ftr:dateTill': input.dateTill,
    'ftr:selectedNumbers': input.number === undefined ? undefined : { 'ftr:number': { 'typ:numberRequested': input.number } },
    'ftr:selectedIco': input.partnerIco === undefined ? undefined : { 'ftr:ico': input.partnerIco },
    'ftr:lastChanges': input.changedSince,
  };
}

export function stockFilter(input: ListStock): XmlElement {
  return {
    'ftr:code': input.code,
    'ftr:EAN': input.ean,
    'ftr:storage': input.storage === undefined ? undefined : { 'typ:ids': input.storage },
    'ftr:store': input.store === undefined ? undefined : { 'typ:ids': input.store },
    'ftr:internet': input.internet === undefined ? undefined : String(input.internet),
    'ftr:lastChanges': input.changedSince,
  };
}
