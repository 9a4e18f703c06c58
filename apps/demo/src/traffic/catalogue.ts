/** What the shop sells. Prices are in crowns without VAT. */
export interface Product {
  sku: string;
  name: string;
  crowns: number;
  /** Which of the country's two VAT rates: 0 the standard, 1 the reduced. */
  rate: 0 | 1;
}

export const PRODUCTS: readonly [Product, ...Product[]] = [
  { sku: 'KAV-250', name: 'Káva Etiopie Yirgacheffe 250 g', crowns: 219, rate: 1 },
  { sku: 'CAJ-100', name: 'Čaj Đà Lạt oolong 100 g', crowns: 164.5, rate: 1 },
  { sku: 'HRN-01', name: 'Hrnek „Žluťoučký kůň“ 0,3 l', crowns: 189, rate: 0 },
  { sku: 'MLY-7', name: 'Mlýnek na kávu, ruční', crowns: 1_290, rate: 0 },
  { sku: 'KON-900', name: 'Konvice s husím krkem 900 ml', crowns: 1_049.9, rate: 0 },
  { sku: 'FIL-100', name: 'Papírové filtry V60 (100 ks)', crowns: 129, rate: 0 },
  { sku: 'KNI-12', name: 'Kniha: Kaffee & Röstung, 2. Auflage', crowns: 449, rate: 1 },
  { sku: 'VAH-2', name: 'Váha s časovačem ±0,1 g', crowns: 899, rate: 0 },
];

export const SAMPLE: Product = { sku: 'VZO-0', name: 'Vzorek zdarma <10 g> & recept', crowns: 0, rate: 1 };
