/**
 * Settling an invoice without a link to a bank document (liquidationWithoutLink.xsd, "likvidace bez vazby"): the way by which a payment that was received
 * elsewhere is marked in Pohoda. Not confirmed by the vendor's text for every edition; see the kind's page.
 */
import { type Static, Type } from 'typebox';
import type { PohodaConfig } from '../config.ts';
import { Decimal } from '../decimal.ts';
import type { XmlElement } from '../xml/write-xml.ts';
import { closed, day, ExtId, extIdOf, text } from './shared.ts';

export const MarkInvoicePaid = Type.Object(
  {
    invoiceExtId: Type.Optional(text(64, 'External key of the invoice (extId it was created with)')),
    invoiceNumber: Type.Optional(text(32, 'Number of the invoice, when it was not created with an external key')),
    extId: Type.Optional(ExtId),
    agenda: Type.Optional(
      Type.Union([Type.Literal('issuedInvoice'), Type.Literal('issuedAdvanceInvoice'), Type.Literal('receivable')], {
        description: 'Default issuedInvoice',
      }),
    ),
    date: Type.Optional(day('Day of the payment. Default: today')),
    amount: Type.Optional(Decimal('Amount in the home currency. Default: all that is left to pay')),
    amountForeign: Type.Optional(Decimal('Amount in the currency of the invoice')),
  },
  closed,
);
export type MarkInvoicePaid = Static<typeof MarkInvoicePaid>;

export function invoiceFilter(
  input: { invoiceExtId?: string | undefined; invoiceNumber?: string | undefined },
  config: PohodaConfig,
): XmlElement {
  return input.invoiceExtId === undefined
    ? { 'ftr:selectedNumbers': { 'ftr:number': { 'typ:numberRequested': input.invoiceNumber ?? '' } } }
    : { 'ftr:extId': extIdOf(input.invoiceExtId, config) };
}

export function paymentElement(input: MarkInvoicePaid, config: PohodaConfig): XmlElement {
  return {
    '@version': '2.0',
    'lwl:extId': input.extId === undefined ? undefined : extIdOf(input.extId, config),
    'lwl:record': { '@agenda': input.agenda ?? 'issuedInvoice', 'ftr:filter': invoiceFilter(input, config) },
    'lwl:date': input.date,
    'lwl:amountHome': input.amount,
    'lwl:amountForeign': input.amountForeign,
  };
}
