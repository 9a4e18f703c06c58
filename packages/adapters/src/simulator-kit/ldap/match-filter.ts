/** Whether an entry of a simulated directory fits a filter. */
import { dnKey, type LdapAttribute, type LdapFilter } from '@nave/protocols';

const BIT_AND = '1.2.840.113556.1.4.803';

export function matches(filter: LdapFilter, attributes: readonly LdapAttribute[]): boolean {
  if (filter.kind === 'and') return filter.filters.every((each) => matches(each, attributes));
  if (filter.kind === 'or') return filter.filters.some((each) => matches(each, attributes));
  if (filter.kind === 'not') return !matches(filter.filter, attributes);
  const wanted = filter.attribute.toLowerCase();
  const values = attributes.find(({ name }) => name.toLowerCase() === wanted)?.values ?? [];
  switch (filter.kind) {
    case 'present':
      return values.length > 0;
    case 'equal':
    case 'approx':
      return values.some((value) => isEqual(value, filter.value));
    case 'atLeast':
      return values.some((value) => order(value, filter.value) >= 0);
    case 'atMost':
      return values.some((value) => order(value, filter.value) <= 0);
    case 'extensible':
      return (
        filter.rule === BIT_AND && values.some((value) => (BigInt(fold(value)) & BigInt(fold(filter.value))) === BigInt(fold(filter.value)))
      );
    case 'substrings':
      return values.some((value) => hasParts(fold(value), filter));
  }
}

function isEqual(left: Buffer, right: Buffer): boolean {
  if (left.equals(right)) return true;
  const [one, other] = [fold(left), fold(right)];
  if (one === other) return true;
  return one.includes('=') && dnKey(one) !== null && dnKey(one) === dnKey(other);
}

function order(left: Buffer, right: Buffer): number {
  const [one, other] = [fold(left), fold(right)];
  if (/^-?\d+$/.test(one) && /^-?\d+$/.test(other)) return BigInt(one) < BigInt(other) ? -1 : BigInt(one) > BigInt(other) ? 1 : 0;
  return one < other ? -1 : one > other ? 1 : 0;
}

function hasParts(text: string, { initial, any, final }: Extract<LdapFilter, { kind: 'substrings' }>): boolean {
  let at = 0;
  if (initial !== null) {
    if (!text.startsWith(fold(initial))) return false;
    at = fold(initial).length;
  }
  for (const part of any) {
    const found = text.indexOf(fold(part), at);
    if (found === -1) return false;
    at = found + fold(part).length;
  }
  return final === null || (text.endsWith(fold(final)) && text.length - fold(final).length >= at);
}

function fold(value: Buffer): string {
  return value.toString('utf8').toLowerCase();
}
