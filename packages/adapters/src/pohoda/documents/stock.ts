/** Stock cards (stock.xsd). The quantity on stock cannot be set by XML (`count` is for export only): only documents move stock. */
import { type Static, Type } from 'typebox';
import { Decimal } from '../decimal.ts';
import type { XmlElement } from '../xml/write-xml.ts';
import { closed, ids, text, VatRate } from './shared.ts';

const price = (value: string | undefined, withVat: boolean | undefined) =>
  value === undefined ? undefined : withVat === true ? { '@payVAT': 'true', '#text': value } : value;

export const SetStock = Type.Object(
  {
    code: text(64, 'Code of the card'),
    create: Type.Optional(
      Type.Boolean({ description: 'Create the card when there is none; needs name, storage and priceGroup. Default no' }),
    ),
    name: Type.Optional(text(90, 'Name')),
    ean: Type.Optional(text(20, 'Bar code')),
    unit: Type.Optional(text(10, 'Unit')),
    storage: Type.Optional(text(80, 'Storage (cleneni) of the card')),
    priceGroup: Type.Optional(text(19, 'Price group')),
    sellingPrice: Type.Optional(Decimal('Selling price')),
    purchasingPrice: Type.Optional(Decimal('Purchasing price')),
    withVat: Type.Optional(Type.Boolean({ description: 'The selling price contains the VAT. Default no' })),
    sellingVat: Type.Optional(VatRate),
    purchasingVat: Type.Optional(VatRate),
    internet: Type.Optional(Type.Boolean({ description: 'Offered on the internet' })),
    description: Type.Optional(text(240, 'Description')),
    note: Type.Optional(text(4_000, 'Note')),
  },
  closed,
);
export type SetStock = Static<typeof SetStock>;

export function stockElement(input: SetStock): XmlElement {
  const filter = { 'ftr:filter': { 'ftr:code': input.code } };
  const create = input.create === true;
  return {
    '@version': '2.0',
    'stk:actionType': create ? { 'stk:add': { '@update': 'true', ...filter } } : { 'stk:update': filter },
    'stk:stockHeader': {
      'stk:stockType': create ? 'card' : undefined,
      'stk:code': create ? input.code : undefined,
      'stk:EAN': input.ean,
      'stk:isInternet': input.internet === undefined ? undefined : String(input.internet),
      'stk:purchasingRateVAT': input.purchasingVat,
      'stk:sellingRateVAT': input.sellingVat,
      'stk:name': input.name,
      'stk:unit': input.unit,
      'stk:storage': ids(input.storage),
      'stk:typePrice': ids(input.priceGroup),
      'stk:purchasingPrice': price(input.purchasingPrice, false),
      'stk:sellingPrice': price(input.sellingPrice, input.withVat),
      'stk:description': input.description,
      'stk:note': input.note,
    },
  };
}
