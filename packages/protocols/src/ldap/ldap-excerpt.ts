/** What the record keeps of an LDAP request: what was asked of whom, and which fields were given. Names of entries and values of people are in the input already. */
import type { ExchangeExcerpt } from '@nave/core';

/** @param fields names only */
export function ldapExcerpt(operation: string, url: string, fields: readonly string[]): ExchangeExcerpt {
  return { line: `${operation} ${url}`, headers: {}, body: Buffer.from(JSON.stringify({ fields: fields.slice(0, 200) })) };
}
