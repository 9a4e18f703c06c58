/** Reads what a server answers (RFC 4511). Everything is checked against the grammar: a length that lies ends the connection, never the process. */
import { childrenOf, integerOf, MalformedBer, readTlv, type Tlv } from './ber.ts';

export interface LdapAttribute {
  name: string;
  values: readonly Buffer[];
}

export interface LdapEntry {
  dn: string;
  attributes: readonly LdapAttribute[];
}

export interface LdapAnswer {
  /** The tag of the operation that is answered. */
  tag: number;
  code: number;
  matchedDn: string;
  diagnostic: string;
  /** Where the server sends its callers instead (result code 10). */
  referrals: number;
}

export interface LdapMessage {
  id: number;
  controls: readonly { oid: string; value: Buffer }[];
  content: { kind: 'entry'; entry: LdapEntry } | { kind: 'reference' } | { kind: 'intermediate' } | { kind: 'answer'; answer: LdapAnswer };
}

const OCTETS = 0x04;
const ENUMERATED = 0x0a;
const SEQUENCE = 0x30;
const SET = 0x31;
const ENTRY = 0x64;
const REFERENCE = 0x73;
const INTERMEDIATE = 0x79;
const CONTROLS = 0xa0;
const REFERRALS = 0xa3;
/** Bind, search done, modify, add, delete, modify DN, compare, extended. */
const ANSWERS: ReadonlySet<number> = new Set([0x61, 0x65, 0x67, 0x69, 0x6b, 0x6d, 0x6f, 0x78]);

/** @throws MalformedBer when the frame is no message of a server */
export function decodeMessage(frame: Buffer): LdapMessage {
  const outer = readTlv(frame, 0);
  const [id, operation, controls, ...more] = childrenOf(outer.value);
  if (id === undefined || id.tag !== 0x02 || operation === undefined || more.length > 0) throw new MalformedBer('not a message');
  return { id: integerOf(id.value), content: contentOf(operation), controls: controls === undefined ? [] : controlsOf(controls) };
}

function contentOf({ tag, value }: Tlv): LdapMessage['content'] {
  if (tag === ENTRY) return { kind: 'entry', entry: entryOf(value) };
  if (tag === REFERENCE) return { kind: 'reference' };
  if (tag === INTERMEDIATE) return { kind: 'intermediate' };
  if (!ANSWERS.has(tag)) throw new MalformedBer('an operation that no server sends');
  const [code, matched, diagnostic, ...rest] = childrenOf(value);
  if (code === undefined || code.tag !== ENUMERATED) throw new MalformedBer('a result without a code');
  const referrals = rest.find((each) => each.tag === REFERRALS);
  return {
    kind: 'answer',
    answer: {
      ...{ tag, code: integerOf(code.value), matchedDn: textOf(matched), diagnostic: textOf(diagnostic) },
      referrals: referrals === undefined ? 0 : childrenOf(referrals.value).length,
    },
  };
}

function entryOf(value: Buffer): LdapEntry {
  const [dn, attributes, ...more] = childrenOf(value);
  if (attributes === undefined || attributes.tag !== SEQUENCE || more.length > 0) throw new MalformedBer('an entry of unknown form');
  return { dn: textOf(dn), attributes: childrenOf(attributes.value).map(attributeOf) };
}

function attributeOf({ tag, value }: Tlv): LdapAttribute {
  const [name, values, ...more] = childrenOf(value);
  if (tag !== SEQUENCE || values === undefined || values.tag !== SET || more.length > 0)
    throw new MalformedBer('an attribute of unknown form');
  const octets = childrenOf(values.value);
  if (octets.some((each) => each.tag !== OCTETS)) throw new MalformedBer('a value of unknown form');
  return { name: textOf(name), values: octets.map((each) => each.value) };
}

function controlsOf({ tag, value }: Tlv): LdapMessage['controls'] {
  if (tag !== CONTROLS) throw new MalformedBer('controls of unknown form');
  return childrenOf(value).map((control) => {
    const parts = childrenOf(control.value);
    const content = parts.slice(1).find((part) => part.tag === OCTETS);
    return { oid: textOf(parts[0]), value: content?.value ?? Buffer.alloc(0) };
  });
}

function textOf(element: Tlv | undefined): string {
  if (element === undefined || element.tag !== OCTETS) throw new MalformedBer('text was expected');
  return element.value.toString('utf8');
}
