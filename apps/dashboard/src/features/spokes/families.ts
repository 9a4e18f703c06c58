/** The families of kinds, in the order in which a newcomer looks for them, with their names. */
import { defineTexts } from '../../i18n/texts.ts';

const FAMILIES: readonly string[] = ['protocol', 'erp', 'crm', 'hr', 'payments', 'shop', 'shipping', 'messaging', 'storage', 'other'];

const useFamilies = defineTexts({
  en: {
    protocol: 'Protocols',
    erp: 'ERP and accounting',
    crm: 'CRM and marketing',
    hr: 'HR, directory and identity',
    payments: 'Payments and finance',
    shop: 'E-commerce',
    shipping: 'Shipping',
    messaging: 'Messaging',
    storage: 'Files and storage',
    other: 'Other',
  } as Readonly<Record<string, string>>,
  cs: {
    protocol: 'Protokoly',
    erp: 'ERP a účetnictví',
    crm: 'CRM a marketing',
    hr: 'Lidé, adresáře a identity',
    payments: 'Platby a finance',
    shop: 'E-shopy',
    shipping: 'Doprava',
    messaging: 'Komunikace',
    storage: 'Soubory a úložiště',
    other: 'Ostatní',
  },
});

/** The name of a family in the chosen language; one that is new here is called as the hub calls it. */
export function useFamilyName(): (family: string) => string {
  const names = useFamilies();
  return (family) => names[family] ?? family;
}

/** Known families first, in their order. */
export function familyRank(family: string): number {
  const rank = FAMILIES.indexOf(family);
  return rank === -1 ? FAMILIES.length : rank;
}
