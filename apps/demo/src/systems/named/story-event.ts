/** What happens in the blueprints, as their senders say it. */
export interface OrderPlaced {
  story: 'order';
  /** Who says it: by webhook, or by SOAP. */
  spoke: 'eshop' | 'legacy-shop';
  id: string;
  number: string;
  placedAt: string;
  firstName: string;
  lastName: string;
  email: string;
  /** Pieces of a thing for 219 crowns (12 %), beside one for 189 (21 %). */
  quantity: number;
}

export interface OrderPaid {
  story: 'payment';
  number: string;
  buyer: string;
  /** Hundredths of a crown. */
  amount: number;
}

export interface LeadSubmitted {
  story: 'lead';
  id: string;
  /** As it was typed in. */
  email: string;
  firstName: string;
  lastName: string;
  company: string;
}

export interface PersonChanged {
  story: 'person';
  id: string;
  event: 'employee.hired' | 'employee.moved' | 'employee.left';
  employee: {
    number: string;
    first_name: string;
    last_name: string;
    login: string;
    email: string;
    phone: string;
    department: string;
    position: string;
  };
}

export type StoryEvent = OrderPlaced | OrderPaid | LeadSubmitted | PersonChanged;

export const PRICES = { first: { unit: 219, vat: 12 }, second: { unit: 189, vat: 21 } } as const;

/** With VAT, in hundredths of a crown. */
export function totalOf(quantity: number): number {
  const { first, second } = PRICES;
  return first.unit * quantity * (100 + first.vat) + second.unit * (100 + second.vat);
}
