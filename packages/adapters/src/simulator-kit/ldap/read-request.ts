/** Reads what clients of a simulated directory ask (RFC 4511). */
import {
  childrenOf,
  integerOf,
  type LdapAttribute,
  type LdapChange,
  type LdapFilter,
  MalformedBer,
  readTlv,
  type Tlv,
} from '@nave/protocols';

export type DirectoryRequest =
  | { op: 'bind'; user: string; password: string }
  | { op: 'unbind' }
  | { op: 'search'; base: string; scope: number; filter: LdapFilter; attributes: readonly string[]; sizeLimit: number }
  | { op: 'add'; dn: string; attributes: readonly LdapAttribute[] }
  | { op: 'modify'; dn: string; changes: readonly LdapChange[] }
  | { op: 'modifyDn'; dn: string; newRdn: string; newSuperior: string | null }
  | { op: 'delete'; dn: string }
  | { op: 'compare'; dn: string; attribute: string; value: Buffer }
  | { op: 'extended'; oid: string; value: Buffer }
  | { op: 'abandon' };

export interface DirectoryMessage {
  id: number;
  request: DirectoryRequest;
  controls: ReadonlyMap<string, Buffer>;
}

/** @throws MalformedBer */
export function readRequest(frame: Buffer): DirectoryMessage {
  const [id, operation, controls] = childrenOf(readTlv(frame, 0).value);
  if (id === undefined || operation === undefined) throw new MalformedBer('not a request');
  const listed = controls === undefined ? [] : childrenOf(controls.value).map((each) => childrenOf(each.value));
  return {
    id: integerOf(id.value),
    request: requestOf(operation),
    controls: new Map(
      listed.map((parts) => [text(parts[0]), parts.find((part, at) => at > 0 && part.tag === 0x04)?.value ?? Buffer.alloc(0)]),
    ),
  };
}

function requestOf({ tag, value }: Tlv): DirectoryRequest {
  if (tag === 0x42) return { op: 'unbind' };
  if (tag === 0x4a) return { op: 'delete', dn: value.toString('utf8') };
  if (tag === 0x50) return { op: 'abandon' };
  const parts = childrenOf(value);
  const [first, second, third] = parts;
  switch (tag) {
    case 0x60:
      return { op: 'bind', user: text(second), password: third?.tag === 0x80 ? third.value.toString('utf8') : '' };
    case 0x63: {
      const [base, scope, , sizeLimit, , , filter, attributes] = parts;
      return {
        ...{ op: 'search', base: text(base), scope: integerOf(bytes(scope)), sizeLimit: integerOf(bytes(sizeLimit)) },
        filter: filterOf(filter),
        attributes: childrenOf(bytes(attributes)).map(text),
      };
    }
    case 0x66: {
      const changes = childrenOf(bytes(second)).map((change): LdapChange => {
        const [kind, content] = childrenOf(change.value);
        const { name, values } = attributeOf(bytes(content));
        return { operation: (['add', 'delete', 'replace'] as const)[integerOf(bytes(kind))] ?? 'replace', attribute: name, values };
      });
      return { op: 'modify', dn: text(first), changes };
    }
    case 0x68:
      return { op: 'add', dn: text(first), attributes: childrenOf(bytes(second)).map((each) => attributeOf(each.value)) };
    case 0x6c: {
      const superior = parts.find((part) => part.tag === 0x80);
      return {
        op: 'modifyDn',
        dn: text(first),
        newRdn: text(second),
        newSuperior: superior === undefined ? null : superior.value.toString('utf8'),
      };
    }
    case 0x6e: {
      const [attribute, asserted] = childrenOf(bytes(second));
      return { op: 'compare', dn: text(first), attribute: text(attribute), value: bytes(asserted) };
    }
    case 0x77:
      return {
        op: 'extended',
        oid: bytes(first).toString('utf8'),
        value: parts.find((part) => part.tag === 0x81)?.value ?? Buffer.alloc(0),
      };
    default:
      throw new MalformedBer('an unknown request');
  }
}

function filterOf(element: Tlv | undefined): LdapFilter {
  if (element === undefined) throw new MalformedBer('no filter');
  const { tag, value } = element;
  if (tag === 0xa0) return { kind: 'and', filters: childrenOf(value).map(filterOf) };
  if (tag === 0xa1) return { kind: 'or', filters: childrenOf(value).map(filterOf) };
  if (tag === 0xa2) return { kind: 'not', filter: filterOf(childrenOf(value)[0]) };
  if (tag === 0x87) return { kind: 'present', attribute: value.toString('utf8') };
  const [first, second] = childrenOf(value);
  const [attribute, asserted] = [text(first), bytes(second)];
  if (tag === 0xa3) return { kind: 'equal', attribute, value: asserted };
  if (tag === 0xa5) return { kind: 'atLeast', attribute, value: asserted };
  if (tag === 0xa6) return { kind: 'atMost', attribute, value: asserted };
  if (tag === 0xa8) return { kind: 'approx', attribute, value: asserted };
  if (tag === 0xa4) {
    const parts = childrenOf(asserted);
    const of = (kind: number): Buffer | null => parts.find((part) => part.tag === kind)?.value ?? null;
    return {
      kind: 'substrings',
      attribute,
      initial: of(0x80),
      any: parts.filter((part) => part.tag === 0x81).map((part) => part.value),
      final: of(0x82),
    };
  }
  const parts = childrenOf(value);
  const of = (kind: number): Buffer => parts.find((part) => part.tag === kind)?.value ?? Buffer.alloc(0);
  return { kind: 'extensible', rule: of(0x81).toString('utf8'), attribute: of(0x82).toString('utf8'), value: of(0x83) };
}

function attributeOf(value: Buffer): { name: string; values: Buffer[] } {
  const [name, values] = childrenOf(value);
  return { name: text(name), values: childrenOf(bytes(values)).map((each) => each.value) };
}

function bytes(element: Tlv | undefined): Buffer {
  if (element === undefined) throw new MalformedBer('something is missing');
  return element.value;
}

function text(element: Tlv | undefined): string {
  return bytes(element).toString('utf8');
}
