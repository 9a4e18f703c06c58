/** Received and issued orders (order.xsd). */
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

export const OrderType = Type.Union([Type.Literal('receivedOrder'), Type.Literal('issuedOrder')], { description: 'Default receivedOrder' });

export const CreateOrder = Type.Object(
  {
    extId: ExtId,
    type: Type.Optional(OrderType),
    number: Type.Optional(text(32, 'Number of the document. Default: the next one of the series')),
    orderNumber: Type.Optional(text(32, 'Number of the order in the system it comes from')),
    date: Type.Optional(day('Day of the order. Default: today')),
    dateDelivery: Type.Optional(day('Day of delivery')),
    text: Type.Optional(text(240, 'Text of the document')),
    partner: Type.Optional(Partner),
    payment: Type.Optional(Payment),
    centre: Type.Optional(text(19, 'Centre')),
    activity: Type.Optional(text(19, 'Activity')),
    contract: Type.Optional(text(19, 'Contract')),
    note: Type.Optional(text(4_000, 'Note')),
    internalNote: Type.Optional(text(4_000, 'Internal note, not printed')),
    currency: Type.Optional(Currency),
    items: Type.Array(DocumentItem, { maxItems: 1_000, description: 'Lines' }),
  },
  closed,
);
export type CreateOrder = Static<typeof CreateOrder>;

export function orderElement(input: CreateOrder, config: PohodaConfig): XmlElement {
  return {
    '@version': '2.0',
    'ord:orderHeader': {
      'ord:extId': extIdOf(input.extId, config),
      'ord:orderType': input.type ?? 'receivedOrder',
      'ord:number': input.number === undefined ? undefined : { 'typ:numberRequested': input.number },
      'ord:numberOrder': input.orderNumber,
      'ord:date': input.date,
      'ord:dateDelivery': input.dateDelivery,
      'ord:text': input.text,
      'ord:partnerIdentity': identityOf(input.partner),
      'ord:paymentType': paymentOf(input.payment),
      'ord:centre': ids(input.centre),
      'ord:activity': ids(input.activity),
      'ord:contract': ids(input.contract),
      'ord:note': input.note,
      'ord:intNote': input.internalNote,
    },
    'ord:orderDetail':
      input.items.length === 0 ? undefined : { 'ord:orderItem': input.items.map((item) => itemOf('ord', item, input.currency)) },
    'ord:orderSummary': summaryOf('ord', input.currency, undefined),
  };
}
