/** An order as the simulated shop sends it (`order.created`). */
export interface OrderLine {
  sku: string;
  name: string;
  quantity: number;
  /** Without VAT, in the order's currency. */
  unit_price: number;
  /** Per cent. */
  vat_rate: number;
}

export interface ShopOrder {
  id: string;
  type: 'order.created';
  number: string;
  /** RFC 3339, UTC. */
  placed_at: string;
  currency: string;
  customer: { id: string; first_name: string; last_name: string; email: string; phone: string; locale: string; country: string };
  shipping_address: { street: string; city: string; postal_code: string; country: string };
  lines: OrderLine[];
  /** Whole order in the order's currency: without VAT, VAT, with VAT. */
  net: number;
  vat: number;
  total: number;
}
