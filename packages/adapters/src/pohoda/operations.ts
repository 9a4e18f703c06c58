/** The operations of a `pohoda` spoke: what they take, how they are repeated, and what they ask of Pohoda. */
import type { OperationDeclaration } from '@nave/adapter-kit';
import { type TSchema, Type } from 'typebox';
import type { PohodaConfig } from './config.ts';
import { isZero } from './decimal.ts';
import { addressElement, CreateAddress } from './documents/address.ts';
import { CreateInvoice, InvoiceType, invoiceElement } from './documents/invoice.ts';
import {
  addressesRequest,
  countOf,
  invoicesFilter,
  invoicesRequest,
  ListInvoices,
  ListStock,
  ordersRequest,
  stockFilter,
  stockRequest,
} from './documents/list.ts';
import { CreateOrder, OrderType, orderElement } from './documents/order.ts';
import { invoiceFilter, MarkInvoicePaid, paymentElement } from './documents/payment.ts';
import { closed, extIdOf } from './documents/shared.ts';
import { SetStock, stockElement } from './documents/stock.ts';
import { type FindPlan, type Found, type Planner, planner } from './plan.ts';
import type { RecordPage } from './records.ts';
import { type XmlNode, xmlNodeOf } from './xml/write-xml.ts';

interface PohodaOperation {
  declaration: OperationDeclaration;
  plan: Planner;
}

const open = { additionalProperties: true };
const optional = Type.Optional(Type.String({ maxLength: 64 }));
// Lookups are asked with the input of the operation they look for, so they take more fields than they use.
const FindInvoice = Type.Object({ extId: optional, number: optional, type: Type.Optional(InvoiceType) }, open);
const FindOrder = Type.Object({ extId: optional, number: optional, type: Type.Optional(OrderType) }, open);
const FindAddress = Type.Object({ extId: Type.String({ maxLength: 64 }) }, open);
const FindPayment = Type.Object(
  {
    invoiceExtId: optional,
    invoiceNumber: optional,
    agenda: Type.Optional(Type.String()),
    amount: Type.Optional(Type.String()),
    amountForeign: Type.Optional(Type.String()),
  },
  open,
);
const Send = Type.Object(
  {
    agenda: Type.Record(Type.String(), Type.Unknown(), {
      minProperties: 1,
      maxProperties: 1,
      description: 'One element of a dataPackItem as JSON: prefixed names as keys, attributes as "@name", text beside them as "#text"',
    }),
    id: Type.Optional(Type.String({ minLength: 1, maxLength: 64, description: 'By which Pohoda knows a repeat. Default: the delivery' })),
  },
  closed,
);

export const POHODA_OPERATIONS: readonly PohodaOperation[] = [
  never(
    { name: 'createInvoice', title: 'Create an issued invoice', lookup: 'findInvoice' },
    CreateInvoice,
    planner(CreateInvoice, (input, config) => ({
      ...{
        kind: 'write',
        root: 'inv:invoice',
        element: invoiceElement(input, config),
        key: input.extId,
        variant: input.type ?? null,
        once: true,
      },
      find: findInvoice({ extId: input.extId, type: input.type }, config),
    })),
  ),
  never(
    { name: 'createOrder', title: 'Create an order', lookup: 'findOrder' },
    CreateOrder,
    planner(CreateOrder, (input, config) => ({
      ...{
        kind: 'write',
        root: 'ord:order',
        element: orderElement(input, config),
        key: input.extId,
        variant: input.type ?? null,
        once: true,
      },
      find: findOrder({ extId: input.extId, type: input.type }, config),
    })),
  ),
  never(
    { name: 'createAddress', title: 'Create an address', lookup: 'findAddress' },
    CreateAddress,
    planner(CreateAddress, (input, config) => ({
      ...{
        kind: 'write',
        root: 'adb:addressbook',
        element: addressElement(input, config, false),
        key: input.extId,
        variant: null,
        once: true,
      },
      find: findAddress(input.extId, config),
    })),
  ),
  always(
    { name: 'upsertAddress', title: 'Create or update an address' },
    CreateAddress,
    planner(CreateAddress, (input, config) => ({
      ...{
        kind: 'write',
        root: 'adb:addressbook',
        element: addressElement(input, config, true),
        key: null,
        variant: null,
        once: false,
        find: null,
      },
    })),
  ),
  always(
    { name: 'setStock', title: 'Update a stock card', summary: 'Prices, names and flags; the quantity is moved by documents only.' },
    SetStock,
    planner(SetStock, (input) => ({
      kind: 'write',
      root: 'stk:stock',
      element: stockElement(input),
      key: null,
      variant: null,
      once: false,
      find: null,
    })),
  ),
  never(
    {
      name: 'markInvoicePaid',
      title: 'Mark an invoice as paid',
      summary: 'Settles it without a link to a bank document.',
      lookup: 'findPayment',
    },
    MarkInvoicePaid,
    planner(MarkInvoicePaid, (input, config) =>
      input.invoiceExtId === undefined && input.invoiceNumber === undefined
        ? NO_INVOICE
        : {
            ...{ kind: 'write', root: 'lwl:liquidationWithoutLink', element: paymentElement(input, config) },
            ...{ key: input.extId ?? null, variant: null, once: true, find: findPayment(input, config) },
          },
    ),
  ),
  always(
    { name: 'findInvoice', title: 'Find an invoice by its external key or number', summary: 'Answers null when there is none.' },
    FindInvoice,
    planner(FindInvoice, (input, config) => (hasKey(input) ? findInvoice(input, config) : NO_KEY)),
  ),
  always(
    { name: 'findOrder', title: 'Find an order by its external key or number', summary: 'Answers null when there is none.' },
    FindOrder,
    planner(FindOrder, (input, config) => (hasKey(input) ? findOrder(input, config) : NO_KEY)),
  ),
  always(
    { name: 'findAddress', title: 'Find an address by its external key', summary: 'Answers null when there is none.' },
    FindAddress,
    planner(FindAddress, (input, config) => findAddress(input.extId, config)),
  ),
  always(
    { name: 'findPayment', title: 'Find out whether an invoice is paid', summary: 'Answers the invoice when nothing is left to pay.' },
    FindPayment,
    planner(FindPayment, (input, config) =>
      input.invoiceExtId === undefined && input.invoiceNumber === undefined ? NO_INVOICE : findPayment(input, config),
    ),
  ),
  always(
    { name: 'listInvoices', title: 'List issued invoices' },
    ListInvoices,
    planner(ListInvoices, (input) => ({
      kind: 'list',
      request: invoicesRequest(invoicesFilter(input), input.type, input),
      count: countOf(input),
    })),
  ),
  always(
    { name: 'listStock', title: 'List stock cards with prices and quantities' },
    ListStock,
    planner(ListStock, (input) => ({ kind: 'list', request: stockRequest(stockFilter(input), input), count: countOf(input) })),
  ),
  never(
    { name: 'send', title: 'Send any agenda element', summary: 'For documents without an operation of their own.' },
    Send,
    planner(Send, ({ agenda, id }) => {
      const [[root, content] = ['', null]] = Object.entries(agenda);
      const node = xmlNodeOf(content);
      const element: XmlNode = typeof node === 'string' ? { '#text': node } : (node ?? undefined);
      return element === undefined || isList(element)
        ? [{ path: '/agenda', message: 'expected one object that can be written as XML' }]
        : { kind: 'write', root, element, key: id ?? null, variant: null, once: true, find: null };
    }),
  ),
];

const NO_KEY = [{ path: '/extId', message: 'required, or number' }];
const NO_INVOICE = [{ path: '/invoiceExtId', message: 'required, or invoiceNumber' }];

function hasKey({ extId, number }: { extId?: string; number?: string }): boolean {
  return extId !== undefined || number !== undefined;
}

function isList(node: XmlNode): node is readonly XmlNode[] {
  return Array.isArray(node);
}

type Key = { extId?: string | undefined; number?: string | undefined; type?: string | undefined };

function findInvoice(key: Key, config: PohodaConfig): FindPlan {
  return { kind: 'find', request: invoicesRequest(documentFilter(key, config), key.type, { count: '2' }), judge: firstRecord };
}

function findOrder(key: Key, config: PohodaConfig): FindPlan {
  return { kind: 'find', request: ordersRequest(documentFilter(key, config), key.type, { count: '2' }), judge: firstRecord };
}

function findAddress(extId: string, config: PohodaConfig): FindPlan {
  return { kind: 'find', request: addressesRequest({ 'ftr:extId': extIdOf(extId, config) }, { count: '2' }), judge: firstRecord };
}

function documentFilter({ extId, number }: Key, config: PohodaConfig) {
  return invoiceFilter({ invoiceExtId: extId, invoiceNumber: number }, config);
}

function firstRecord({ records }: RecordPage): Found {
  const [first] = records;
  if (first === undefined) return { state: 'none' };
  const warnings = records.length > 1 ? [{ note: 'Pohoda has more than one record with this key' }] : [];
  return { state: 'found', output: { ...first, warnings } };
}

/** Paid when nothing is left. After a part of it, what is left does not tell whether this payment was among those that came. */
function findPayment(
  input: { invoiceExtId?: string; invoiceNumber?: string; agenda?: string; amount?: string; amountForeign?: string },
  config: PohodaConfig,
): FindPlan {
  return {
    kind: 'find',
    request: invoicesRequest(invoiceFilter(input, config), input.agenda, { count: '2' }),
    judge(page) {
      const [invoice] = page.records;
      if (invoice === undefined) return { state: 'unsure', reason: 'Pohoda has no such invoice' };
      const zero = invoice.toPay === null ? null : isZero(invoice.toPay);
      if (zero === true) return { state: 'found', output: invoice };
      if (zero === null) return { state: 'unsure', reason: 'the invoice does not say what is left to pay' };
      return input.amount === undefined && input.amountForeign === undefined
        ? { state: 'none' }
        : { state: 'unsure', reason: 'something is left to pay, which does not tell whether this part was paid' };
    },
  };
}

type Named = Pick<OperationDeclaration, 'name' | 'title' | 'summary' | 'lookup'>;

function never(named: Named, input: TSchema, plan: Planner): PohodaOperation {
  return { declaration: { ...named, input: { ...input }, idempotent: 'never' }, plan };
}

function always(named: Named, input: TSchema, plan: Planner): PohodaOperation {
  return { declaration: { ...named, input: { ...input }, idempotent: 'always' }, plan };
}
