/** The address book (addressbook.xsd). */
import { type Static, Type } from 'typebox';
import type { PohodaConfig } from '../config.ts';
import type { XmlElement } from '../xml/write-xml.ts';
import { closed, ExtId, extIdOf, identityOf, Partner, text } from './shared.ts';

const fields = Type.Object(
  {
    extId: ExtId,
    address: Type.Omit(Partner, ['id', 'phone', 'email'], closed),
    phone: Type.Optional(text(40, 'Telephone')),
    mobile: Type.Optional(text(24, 'Mobile')),
    email: Type.Optional(text(98, 'E-mail')),
    web: Type.Optional(text(96, 'Web page')),
    note: Type.Optional(text(4_000, 'Note')),
  },
  closed,
);

export const CreateAddress = fields;
export type Address = Static<typeof fields>;

/**
 * @param upsert updates the record with the same external key where there is one (`add update="true"`: "when the same record is found it is updated")
 */
export function addressElement(input: Address, config: PohodaConfig, upsert: boolean): XmlElement {
  const extId = extIdOf(input.extId, config);
  return {
    '@version': '2.0',
    'adb:actionType': upsert ? { 'adb:add': { '@update': 'true', 'ftr:filter': { 'ftr:extId': extId } } } : undefined,
    'adb:addressbookHeader': {
      'adb:identity': identityOf(input.address, extId),
      'adb:phone': input.phone,
      'adb:mobil': input.mobile,
      'adb:email': input.email,
      'adb:web': input.web,
      'adb:note': input.note,
    },
  };
}
