/** What the answer to a lookup says: the object that the operation made, or a success that says "not done". */
import { isJsonObject } from '@nave/adapter-kit';
import type { Outcome } from '@nave/core';
import { parseJson, stripeErrorOf } from './judge.ts';
import { type StripeOperation, TAG } from './operations.ts';

/**
 * Of a search or list by the tag of a delivery, the object found becomes the answer; nothing found is a refused success, which the hub takes for "not done".
 * @param asked false: a person's own query, whose answer stays as it is
 */
export function judgeLookup(outcome: Outcome, { finds }: StripeOperation, deliveryId: string, asked: boolean): Outcome {
  const { response, status } = outcome;
  // Only Stripe itself knows that there is none; a gateway answers 404 as well.
  if (finds !== undefined && (status === 404 || status === 410) && stripeErrorOf(response?.body ?? new Uint8Array()) === null)
    return { ...outcome, kind: 'invalid', detail: `${outcome.detail}, which is not an answer of Stripe: done or not is not known` };
  if (outcome.kind !== 'ok' || response === undefined || finds === undefined || !asked) return outcome;
  const answer = parseJson(response.body);
  if (!isJsonObject(answer)) return { ...outcome, kind: 'invalid', detail: `${outcome.detail}; the answer is no JSON object` };
  if (finds.by === 'status') {
    const { status } = answer;
    if (typeof status === 'string' && finds.done.includes(status)) return outcome;
    return { ...outcome, kind: 'rejected', detail: 'not done: the object is in another state' };
  }
  const found = (Array.isArray(answer['data']) ? answer['data'] : []).find((each) => isTagged(each, deliveryId));
  if (found !== undefined) return { ...outcome, response: { ...response, body: Buffer.from(JSON.stringify(found), 'utf8') } };
  // A page of many without ours says nothing.
  if (answer['has_more'] === true)
    return { ...outcome, kind: 'unknown', detail: 'there are more objects than one page: not looked through' };
  return { ...outcome, kind: 'rejected', detail: 'not done: nothing with the tag of this delivery was found' };
}

function isTagged(each: unknown, deliveryId: string): boolean {
  return isJsonObject(each) && isJsonObject(each['metadata']) && each['metadata'][TAG] === deliveryId;
}
