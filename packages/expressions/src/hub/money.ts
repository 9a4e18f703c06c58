/** `$money(value, decimals)`: a decimal string rounded half away from zero on the written digits, without binary fractions in between. */
import { ExpressionFailure } from '../failure.ts';

const DECIMAL = /^([+-]?)(\d{1,400})(?:\.(\d{0,400}))?(?:[eE]([+-]?\d{1,3}))?$/;

/**
 * Rounds a number or decimal text: `$money("12.345", 2)` is `"12.35"`, `$money(-0.5, 0)` is `"-1"`, `$money(1.005)` is `"1.01"`.
 * @throws ExpressionFailure N1003 when the value is no decimal number, N1004 when `decimals` (default 2) is not a whole number from 0 to 18
 */
export function formatMoney(value: unknown, decimals: unknown): string | undefined {
  if (value === undefined) return undefined;
  const places = decimals === undefined ? 2 : decimals;
  if (typeof places !== 'number' || !Number.isInteger(places) || places < 0 || places > 18) throw new ExpressionFailure('N1004');
  const match = typeof value === 'number' || typeof value === 'string' ? DECIMAL.exec(String(value).trim()) : null;
  if (match === null) throw new ExpressionFailure('N1003');
  const fraction = match[3] ?? '';
  const digits = (match[2] ?? '') + fraction;
  // The value is `digits` times ten to the power of -scale.
  const scale = fraction.length - Number(match[4] ?? 0);
  const rounded = shift(BigInt(digits), places - scale)
    .toString()
    .padStart(places + 1, '0');
  const sign = match[1] === '-' && /[1-9]/.test(rounded) ? '-' : '';
  return places === 0 ? sign + rounded : `${sign}${rounded.slice(0, -places)}.${rounded.slice(-places)}`;
}

/** `value` times ten to the power of `places`, rounded half up. */
function shift(value: bigint, places: number): bigint {
  if (places >= 0) return value * 10n ** BigInt(places);
  const divisor = 10n ** BigInt(-places);
  return (value + divisor / 2n) / divisor;
}
