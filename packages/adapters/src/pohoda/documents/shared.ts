/** Parts that several documents of Pohoda share: references, addresses, payment, external identity. */
import { EXPECTED_MARK } from '@nave/adapter-kit';
import { type Static, Type } from 'typebox';
import type { PohodaConfig } from '../config.ts';
import { Decimal, Whole } from '../decimal.ts';
import type { XmlElement, XmlNode } from '../xml/write-xml.ts';

export const closed = { additionalProperties: false };
export const text = (maxLength: number, description: string) => Type.String({ maxLength, description });
export const day = (description: string) =>
  Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$', description, [EXPECTED_MARK]: 'a day such as 2026-11-21' });

/** What a document is found by later: without it a lost answer cannot be told from a lost request. */
export const ExtId = Type.String({
  minLength: 1,
  maxLength: 64,
  description: 'Key of the record in the other system; a second document with it is not created',
});

/** Names of Pohoda (type.xsd, vatRateType): since 2024 `low` is 12 %, `high` 21 % in the Czech edition; `third` is the second reduced rate of earlier years. */
export const VatRate = Type.Union([Type.Literal('none'), Type.Literal('low'), Type.Literal('high'), Type.Literal('third')], {
  description: 'VAT rate as Pohoda names it',
});

export const Partner = Type.Object(
  {
    company: Type.Optional(text(255, 'Company')),
    name: Type.Optional(text(32, 'Name of the person')),
    street: Type.Optional(text(64, 'Street and number')),
    city: Type.Optional(text(45, 'Town')),
    zip: Type.Optional(text(15, 'Postal code')),
    country: Type.Optional(text(32, 'Country, by the short name it has in Pohoda')),
    ico: Type.Optional(text(15, 'Company registration number')),
    dic: Type.Optional(text(18, 'VAT number')),
    email: Type.Optional(text(98, 'E-mail')),
    phone: Type.Optional(text(40, 'Telephone')),
    id: Type.Optional(Whole('Record of the address book to take the address from, instead of the fields')),
  },
  { ...closed, description: 'Whom the document is for' },
);
export type Partner = Static<typeof Partner>;

export const DocumentItem = Type.Object(
  {
    text: Type.Optional(text(90, 'Text of the line')),
    quantity: Type.Optional(Decimal('Default 1')),
    unit: Type.Optional(text(10, 'Unit, e.g. ks')),
    unitPrice: Type.Optional(Decimal('Price of one unit in the currency of the document')),
    withVat: Type.Optional(Type.Boolean({ description: 'The unit price contains the VAT. Default no' })),
    vat: Type.Optional(VatRate),
    discount: Type.Optional(Decimal('Per cent')),
    code: Type.Optional(text(64, 'Code of the line')),
    stock: Type.Optional(text(64, 'Code of a stock card: the line moves stock')),
    store: Type.Optional(text(19, 'Store of the stock card')),
    note: Type.Optional(text(90, 'Note')),
  },
  closed,
);
export type DocumentItem = Static<typeof DocumentItem>;

export const Currency = Type.Object(
  {
    code: text(19, 'Short name in Pohoda, e.g. EUR'),
    rate: Type.Optional(Decimal('Rate')),
    amount: Type.Optional(Whole('Units the rate is for. Default 1')),
  },
  { ...closed, description: 'Foreign currency; without it all prices are in the home currency' },
);
export type Currency = Static<typeof Currency>;

export const ids = (value: string | undefined): XmlNode => (value === undefined ? undefined : { 'typ:ids': value });

/** `typ:extIdType`: by the schema the key is `ids` and the system `exSystemName`; see the option `extIdForm` for the other reading. */
export function extIdOf(extId: string, { extSystem = 'Nave', extIdForm }: PohodaConfig): XmlElement {
  return extIdForm === 'exSystemItemId'
    ? { 'typ:ids': extSystem, 'typ:exSystemItemId': extId }
    : { 'typ:ids': extId, 'typ:exSystemName': extSystem };
}

/** `typ:address` */
export function identityOf(partner: Partner | undefined, extId?: XmlElement): XmlNode {
  if (partner === undefined) return undefined;
  if (partner.id !== undefined) return { 'typ:id': partner.id };
  return {
    'typ:extId': extId,
    'typ:address': {
      'typ:company': partner.company,
      'typ:name': partner.name,
      'typ:city': partner.city,
      'typ:street': partner.street,
      'typ:zip': partner.zip,
      'typ:ico': partner.ico,
      'typ:dic': partner.dic,
      'typ:country': ids(partner.country),
      'typ:phone': partner.phone,
      'typ:email': partner.email,
    },
  };
}

const PAYMENT_TYPES: ReadonlySet<string> = new Set([
  'draft',
  'cash',
  'postal',
  'delivery',
  'creditcard',
  'advance',
  'encashment',
  'cheque',
  'compensation',
]);

/** One of Pohoda's own payment types, else the name of a form of payment of the company. */
export const Payment = text(20, `Form of payment: ${[...PAYMENT_TYPES].join(', ')}, or the short name of one of the company`);
export const paymentOf = (payment: string | undefined): XmlNode =>
  payment === undefined ? undefined : PAYMENT_TYPES.has(payment) ? { 'typ:paymentType': payment } : { 'typ:ids': payment };

/** Lines of an invoice or an order. @param prefix of the agenda */
export function itemOf(prefix: string, item: DocumentItem, currency: Currency | undefined): XmlElement {
  const price = item.unitPrice === undefined ? undefined : { 'typ:unitPrice': item.unitPrice };
  return {
    [`${prefix}:text`]: item.text,
    [`${prefix}:quantity`]: item.quantity ?? '1',
    [`${prefix}:unit`]: item.unit,
    [`${prefix}:payVAT`]: item.withVat === undefined ? undefined : String(item.withVat),
    [`${prefix}:rateVAT`]: item.vat,
    [`${prefix}:discountPercentage`]: item.discount,
    [`${prefix}:${currency === undefined ? 'homeCurrency' : 'foreignCurrency'}`]: price,
    [`${prefix}:note`]: item.note,
    [`${prefix}:code`]: item.code,
    [`${prefix}:stockItem`]: item.stock === undefined ? undefined : { 'typ:store': ids(item.store), 'typ:stockItem': ids(item.stock) },
  };
}

/** Currency and rounding of a document. */
export function summaryOf(prefix: string, currency: Currency | undefined, rounding: string | undefined): XmlNode {
  if (currency === undefined && rounding === undefined) return undefined;
  return {
    [`${prefix}:roundingDocument`]: rounding,
    [`${prefix}:foreignCurrency`]:
      currency === undefined ? undefined : { 'typ:currency': ids(currency.code), 'typ:rate': currency.rate, 'typ:amount': currency.amount },
  };
}
