/** Issued invoices (www.stormware.cz/schema/version_2/invoice.xsd). */
import { type Static, Type } from 'typebox';
import type { PohodaConfig } from '../config.ts';
import type { XmlElement } from '../xml/write-xml.ts';
import {
  Currency,
  closed,
  DocumentItem,
  day,
  ExtId,
  extIdOf,
  identityOf,
  ids,
  itemOf,
  Partner,
  Payment,
  paymentOf,
  summaryOf,
  text,
} from './shared.ts';

export const InvoiceType = Type.Union(
  [
    Type.Literal('issuedInvoice'),
    Type.Literal('issuedAdvanceInvoice'),
    Type.Literal('issuedProformaInvoice'),
    Type.Literal('issuedCreditNotice'),
    Type.Literal('issuedDebitNote'),
    Type.Literal('issuedCorrectiveTax'),
    Type.Literal('receivable'),
    Type.Literal('penalty'),
  ],
  { description: 'Default issuedInvoice' },
);

export const CreateInvoice = Type.Object(
  {
    extId: ExtId,
    type: Type.Optional(InvoiceType),
    number: Type.Optional(text(32, 'Number of the document. Default: the next one of the series')),
    symVar: Type.Optional(text(20, 'Variable symbol. Default: the digits of the number')),
    date: Type.Optional(day('Day of issue. Default: today')),
    dateTax: Type.Optional(day('Day of taxable supply. Default: day of issue')),
    dateAccounting: Type.Optional(day('Day of the accounting case. Default: day of issue')),
    dateDue: Type.Optional(day('Day it is due. Default: by the settings of Pohoda')),
    text: Type.Optional(text(240, 'Text of the document')),
    accounting: Type.Optional(text(19, 'Predkontace')),
    vatClassification: Type.Optional(text(19, 'Cleneni DPH, by its short name')),
    partner: Type.Optional(Partner),
    payment: Type.Optional(Payment),
    account: Type.Optional(text(19, 'Bank account or cash desk, by its short name')),
    constantSymbol: Type.Optional(text(4, 'Constant symbol')),
    orderNumber: Type.Optional(text(32, 'Number of the order')),
    orderDate: Type.Optional(day('Day of the order')),
    centre: Type.Optional(text(19, 'Centre')),
    activity: Type.Optional(text(19, 'Activity')),
    contract: Type.Optional(text(19, 'Contract')),
    note: Type.Optional(text(4_000, 'Note')),
    internalNote: Type.Optional(text(4_000, 'Internal note, not printed')),
    currency: Type.Optional(Currency),
    rounding: Type.Optional(text(20, 'Rounding of the document: none, math2one, up2one, down2one, ...')),
    items: Type.Array(DocumentItem, { maxItems: 1_000, description: 'Lines' }),
  },
  closed,
);
export type CreateInvoice = Static<typeof CreateInvoice>;

export function invoiceElement(input: CreateInvoice, config: PohodaConfig): XmlElement {
  return {
    '@version': '2.0',
    'inv:invoiceHeader': {
      'inv:extId': extIdOf(input.extId, config),
      'inv:invoiceType': input.type ?? 'issuedInvoice',
      'inv:number': input.number === undefined ? undefined : { 'typ:numberRequested': input.number },
      'inv:symVar': input.symVar,
      'inv:date': input.date,
      'inv:dateTax': input.dateTax,
      'inv:dateAccounting': input.dateAccounting,
      'inv:dateDue': input.dateDue,
      'inv:accounting': ids(input.accounting),
      'inv:classificationVAT': ids(input.vatClassification),
      'inv:text': input.text,
      'inv:partnerIdentity': identityOf(input.partner),
      'inv:numberOrder': input.orderNumber,
      'inv:dateOrder': input.orderDate,
      'inv:paymentType': paymentOf(input.payment),
      'inv:account': ids(input.account),
      'inv:symConst': input.constantSymbol,
      'inv:centre': ids(input.centre),
      'inv:activity': ids(input.activity),
      'inv:contract': ids(input.contract),
      'inv:note': input.note,
      'inv:intNote': input.internalNote,
    },
    'inv:invoiceDetail':
      input.items.length === 0 ? undefined : { 'inv:invoiceItem': input.items.map((item) => itemOf('inv', item, input.currency)) },
    'inv:invoiceSummary': summaryOf('inv', input.currency, input.rounding),
  };
}
