/** Decimal amounts to the integers Stripe takes: the smallest unit of a currency (docs.stripe.com/currencies). */

/** Without decimals: the amount is the number of whole units. */
const ZERO = ['bif', 'clp', 'djf', 'gnf', 'jpy', 'kmf', 'krw', 'mga', 'pyg', 'rwf', 'vnd', 'vuv', 'xaf', 'xof', 'xpf'];
/** With three, of which the last must be 0. */
const THREE = ['bhd', 'jod', 'kwd', 'omr', 'tnd'];
/** Sources contradict each other: a factor of a hundred must not be guessed. */
const UNSURE = ['ugx'];

const DECIMAL = /^(-?)(\d{1,12})(?:\.(\d{1,6}))?$/;

export type MinorUnits = { ok: true; amount: number } | { ok: false; reason: string };

/**
 * @param text a decimal such as `12.30`: text, because numbers lose cents
 * @param currency of ISO 4217, in any case
 * @param own decimals that the spoke's configuration sets
 */
export function minorUnits(text: string, currency: string, own: Readonly<Record<string, number>> = {}): MinorUnits {
  const code = currency.toLowerCase();
  if (!/^[a-z]{3}$/.test(code)) return { ok: false, reason: 'currency: expected a code of three letters' };
  const decimals = decimalsOf(code, own);
  if (decimals === null)
    return { ok: false, reason: `currency: set currencyDecimals.${code} in the configuration, the decimals of it are not certain` };
  const [, sign, whole = '', fraction = ''] = DECIMAL.exec(text) ?? [];
  if (sign === undefined) return { ok: false, reason: 'amountDecimal: expected decimal text such as "12.30"' };
  const kept = fraction.slice(0, decimals).padEnd(decimals, '0');
  if (/[1-9]/.test(fraction.slice(decimals))) return { ok: false, reason: `amountDecimal: ${code} has ${decimals} decimals` };
  if (decimals === 3 && own[code] === undefined && !kept.endsWith('0'))
    return { ok: false, reason: `amountDecimal: the last of the three decimals of ${code} must be 0` };
  const amount = Number(`${sign}${whole}${kept}`);
  // Zero of either sign.
  return { ok: true, amount: amount === 0 ? 0 : amount };
}

function decimalsOf(code: string, own: Readonly<Record<string, number>>): number | null {
  if (Object.hasOwn(own, code)) return own[code] ?? null;
  if (UNSURE.includes(code)) return null;
  return ZERO.includes(code) ? 0 : THREE.includes(code) ? 3 : 2;
}
