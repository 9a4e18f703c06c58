/** From the input of an operation to the request Stripe takes. */
import { isJsonObject } from '@nave/adapter-kit';
import type { StripeConfig } from './config.ts';
import { minorUnits } from './currency-units.ts';
import { formText } from './form-fields.ts';
import { type StripeOperation, TAG } from './operations.ts';

export type StripePlan = { ok: true; target: string; body: string | undefined } | { ok: false; reason: string };

/**
 * @param deliveryId goes into the metadata of what is created, and finds it again
 * @returns `target`: path and query below the base URL
 */
export function planRequest(operation: StripeOperation, data: unknown, deliveryId: string, config: StripeConfig): StripePlan {
  const given = data === null || data === undefined ? {} : data;
  if (!isJsonObject(given)) return { ok: false, reason: 'expected an object with the parameters of the operation' };
  const { id, ...rest } = given;
  if (operation.path.includes('{id}') && (typeof id !== 'string' || !/^[A-Za-z0-9_]{1,255}$/.test(id)))
    return { ok: false, reason: 'id: expected the id of an object of Stripe' };
  const path = operation.path.replace('{id}', typeof id === 'string' ? id : '');
  const fields =
    operation.method === 'POST' ? withAmount(operation, rest, config) : { ok: true as const, fields: queryOf(operation, rest, deliveryId) };
  if (!fields.ok) return fields;
  const tagged = operation.tagged === true && config.tag !== false ? withTag(fields.fields, deliveryId) : fields.fields;
  const form = formText(tagged);
  if (!form.ok) return form;
  if (operation.method === 'POST') return { ok: true, target: path, body: form.text };
  return { ok: true, target: form.text === '' ? path : `${path}?${form.text}`, body: undefined };
}

type Fields = Readonly<Record<string, unknown>>;

function queryOf({ finds }: StripeOperation, fields: Fields, deliveryId: string): Fields {
  switch (finds?.by) {
    case undefined:
      return fields;
    case 'status':
      return {};
    case 'search':
      return typeof fields['query'] === 'string'
        ? fields
        : { query: `metadata['${TAG}']:'${deliveryId.replaceAll(/[^A-Za-z0-9-]/g, '')}'`, limit: 1 };
    case 'list':
      return {
        ...Object.fromEntries(finds.fields.flatMap((name) => (typeof fields[name] === 'string' ? [[name, fields[name]]] : []))),
        limit: 100,
      };
  }
}

const AMOUNTS = ['amount', 'amount_to_capture'];

function withAmount(
  { name }: StripeOperation,
  given: Fields,
  { currencyDecimals }: StripeConfig,
): { ok: true; fields: Fields } | { ok: false; reason: string } {
  for (const field of AMOUNTS) {
    const value = given[field];
    if (value !== undefined && value !== null && !(typeof value === 'number' && Number.isSafeInteger(value)))
      return { ok: false, reason: `${field}: expected an integer in the smallest unit of the currency; amountDecimal takes decimal text` };
  }
  const { amountDecimal, ...fields } = given;
  if (amountDecimal === undefined || amountDecimal === null) return { ok: true, fields };
  if (given['amount'] !== undefined) return { ok: false, reason: 'expected either amount or amountDecimal, not both' };
  if (typeof amountDecimal !== 'string') return { ok: false, reason: 'amountDecimal: expected decimal text such as "12.30"' };
  const { currency, ...others } = fields;
  if (typeof currency !== 'string') return { ok: false, reason: 'currency: needed with amountDecimal' };
  const units = minorUnits(amountDecimal, currency, currencyDecimals);
  if (!units.ok) return units;
  // A refund has the currency of its payment and takes none.
  return { ok: true, fields: { ...(name === 'createRefund' ? others : fields), amount: units.amount } };
}

function withTag(fields: Fields, deliveryId: string): Fields {
  const { metadata } = fields;
  return { ...fields, metadata: { ...(isJsonObject(metadata) ? metadata : {}), [TAG]: deliveryId } };
}
