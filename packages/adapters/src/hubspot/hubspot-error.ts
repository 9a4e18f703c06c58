/** What HubSpot says went wrong, without quoting values: category, policy and ids only (developers.hubspot.com, "Error handling"). */
import { parseBody } from '@nave/adapter-kit';

export interface HubspotError {
  category: string | null;
  subCategory: string | null;
  /** Which limit was reached, of a 429. */
  policy: string | null;
  correlationId: string | null;
  /** Id of the record that is in the way, of a 409. */
  existingId: string | null;
  /** Scopes that are missing, of a 403. */
  scopes: readonly string[];
}

const WORD = /^[A-Za-z0-9_.:-]{1,100}$/;

/** Null for a body that is not an error of HubSpot. */
export function readHubspotError(body: Uint8Array): HubspotError | null {
  const parsed = parseBody('application/json', body);
  const error = parsed.ok ? parsed.data : null;
  if (typeof error !== 'object' || error === null || Array.isArray(error)) return null;
  const word = (name: string): string | null => {
    const value: unknown = Reflect.get(error, name);
    return typeof value === 'string' && WORD.test(value) ? value : null;
  };
  const message: unknown = Reflect.get(error, 'message');
  const text = typeof message === 'string' ? message : '';
  return {
    category: word('category') ?? word('errorType'),
    subCategory: word('subCategory'),
    policy: word('policyName') ?? policyOfMessage(text),
    correlationId: word('correlationId'),
    existingId: /Existing ID: ([0-9]{1,20})/.exec(text)?.[1] ?? null,
    scopes: scopesIn(error),
  };
}

/** In one line, for people who will look it up or ask HubSpot. */
export function tellHubspotError({ category, subCategory, policy, correlationId, existingId, scopes }: HubspotError): string {
  const parts = [
    category,
    subCategory,
    policy === null ? null : `limit ${policy}`,
    existingId === null ? null : `existing id ${existingId}`,
    scopes.length === 0 ? null : `missing scopes ${scopes.join(', ')}`,
    correlationId === null ? null : `correlation id ${correlationId}`,
  ];
  return parts.filter((part) => part !== null).join(', ');
}

/** Where no policy is named, the text does: "You have reached your ten_secondly_rolling limit." */
function policyOfMessage(message: string): string | null {
  return /reached your ([a-z_]{3,40}) limit/i.exec(message)?.[1]?.toUpperCase() ?? null;
}

function scopesIn(error: object): string[] {
  const text = JSON.stringify(error).slice(0, 20_000);
  const listed = /"(?:requiredGranularScopes|requiredScopes|missingScopes)":\[([^\]]{0,2000})\]/.exec(text)?.[1] ?? '';
  return [...listed.matchAll(/"([a-z0-9_.-]{3,80})"/g)].map((match) => match[1] ?? '').slice(0, 10);
}
