/** Amounts as decimal texts: they never pass through binary fractions. */
import { EXPECTED_MARK } from '@nave/adapter-kit';
import { Type } from 'typebox';

const DECIMAL = '^-?[0-9]{1,15}(?:\\.[0-9]{1,6})?$';

/** An amount in an input: best a text; a JSON number is taken for the digits it is written with (inputs are checked after that). */
export const Decimal = (description: string) =>
  Type.Unsafe<string>({
    type: ['string', 'number'],
    pattern: DECIMAL,
    description,
    [EXPECTED_MARK]: 'a decimal number such as "121.50" with at most 6 decimals',
  });

/** A count or a number of a record. */
export const Whole = (description: string) =>
  Type.Unsafe<string>({ type: ['string', 'number'], pattern: '^[0-9]{1,15}$', description, [EXPECTED_MARK]: 'a whole number' });

/** Whether an amount is zero, however it is written; null for what is no decimal number. */
export function isZero(decimal: string): boolean | null {
  return new RegExp(DECIMAL).test(decimal) ? !/[1-9]/.test(decimal) : null;
}
