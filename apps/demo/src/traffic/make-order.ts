/** Makes one order: lines, prices in the customer's currency, VAT. Sums are done in the smallest unit, so that they add up. */
import type { OrderLine, ShopOrder } from '../systems/shop/order.ts';
import { PRODUCTS, type Product, SAMPLE } from './catalogue.ts';
import { COUNTRIES, type Person } from './people.ts';
import type { Random } from './random.ts';

export interface OrderPlan {
  id: string;
  number: string;
  placedAtMs: number;
  customer: Person;
  customerId: string;
  /** A free sample: total 0. */
  free: boolean;
}

export function makeOrder(plan: OrderPlan, random: Random): ShopOrder {
  const { customer } = plan;
  const country = COUNTRIES[customer.country];
  const units = 10 ** country.decimals;
  let net = 0;
  let gross = 0;
  const lines = (plan.free ? [SAMPLE] : chooseProducts(random)).map(({ sku, name, crowns, rate }): OrderLine => {
    const quantity = plan.free ? 1 : random.whole(1, 3);
    const vatRate = country.vatRates[rate];
    const price = Math.round(crowns * country.perCrown * units);
    net += price * quantity;
    gross += Math.round(price * quantity * (1 + vatRate / 100));
    return { sku, name, quantity, unit_price: price / units, vat_rate: vatRate };
  });
  return {
    id: plan.id,
    type: 'order.created',
    number: plan.number,
    placed_at: new Date(plan.placedAtMs).toISOString(),
    currency: country.currency,
    customer: {
      id: plan.customerId,
      first_name: customer.first,
      last_name: customer.last,
      email: `${customer.latin}@example.${customer.country === 'CZ' ? 'cz' : 'com'}`,
      phone: `${country.phonePrefix} ${random.whole(600, 799)} ${random.whole(100, 999)} ${random.whole(100, 999)}`,
      locale: country.locale,
      country: customer.country,
    },
    shipping_address: { street: customer.street, city: customer.city, postal_code: customer.postalCode, country: customer.country },
    lines,
    net: net / units,
    vat: (gross - net) / units,
    total: gross / units,
  };
}

/** An amount in the smallest unit of its currency, as payment providers count. */
export function smallestUnits({ total, currency }: Pick<ShopOrder, 'total' | 'currency'>): number {
  const country = Object.values(COUNTRIES).find((one) => one.currency === currency);
  return Math.round(total * 10 ** (country?.decimals ?? 2));
}

function chooseProducts(random: Random): Product[] {
  const chosen = new Set<Product>();
  const wanted = random.whole(1, 3);
  while (chosen.size < wanted) chosen.add(random.pick(PRODUCTS));
  return [...chosen];
}
