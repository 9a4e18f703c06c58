/**
 * PostgreSQL arrays in binary form, as parameters of the hot statements: no escaping, no quoting, bytes as they are.
 * Format: array_recv in src/backend/utils/adt/arrayfuncs.c - dimensions, has-null flag, element oid, (length, lower bound), then length-prefixed elements.
 */

const OID = { bool: 16, bytea: 17, int8: 20, int2: 21, int4: 23, text: 25, timestamptz: 1184, uuid: 2950 } as const;
const PG_EPOCH_MS = 946_684_800_000n;

function build<T>(
  oid: number,
  items: readonly (T | null)[],
  sizeOf: (item: T) => number,
  write: (item: T, into: Buffer, at: number) => void,
): Buffer {
  if (items.length === 0) {
    const empty = Buffer.alloc(12);
    empty.writeInt32BE(oid, 8);
    return empty;
  }
  let size = 20;
  for (const item of items) size += 4 + (item === null ? 0 : sizeOf(item));
  const out = Buffer.allocUnsafe(size);
  out.writeInt32BE(1, 0);
  out.writeInt32BE(items.includes(null) ? 1 : 0, 4);
  out.writeInt32BE(oid, 8);
  out.writeInt32BE(items.length, 12);
  out.writeInt32BE(1, 16);
  let at = 20;
  for (const item of items) {
    if (item === null) {
      out.writeInt32BE(-1, at);
      at += 4;
    } else {
      const length = sizeOf(item);
      out.writeInt32BE(length, at);
      write(item, out, at + 4);
      at += 4 + length;
    }
  }
  return out;
}

export function uuidArray(items: readonly (string | null)[]): Buffer {
  return build(OID.uuid, items, () => 16, writeUuid);
}

function writeUuid(id: string, into: Buffer, at: number): void {
  into.write(id.slice(0, 8) + id.slice(9, 13) + id.slice(14, 18) + id.slice(19, 23) + id.slice(24), at, 16, 'hex');
}

export function textArray(items: readonly (string | null)[]): Buffer {
  return build(
    OID.text,
    items,
    (item) => Buffer.byteLength(item),
    (item, into, at) => into.write(item, at, 'utf8'),
  );
}

export function byteaArray(items: readonly (Uint8Array | null)[]): Buffer {
  return build(
    OID.bytea,
    items,
    (item) => item.length,
    (item, into, at) => into.set(item, at),
  );
}

export function int4Array(items: readonly (number | null)[]): Buffer {
  return build(
    OID.int4,
    items,
    () => 4,
    (item, into, at) => into.writeInt32BE(item, at),
  );
}

export function int8Array(items: readonly (number | null)[]): Buffer {
  return build(
    OID.int8,
    items,
    () => 8,
    (item, into, at) => into.writeBigInt64BE(BigInt(item), at),
  );
}

export function boolArray(items: readonly (boolean | null)[]): Buffer {
  return build(
    OID.bool,
    items,
    () => 1,
    (item, into, at) => into.writeUInt8(item ? 1 : 0, at),
  );
}

/** Milliseconds since the Unix epoch as timestamptz. */
export function timestampArray(items: readonly (number | null)[]): Buffer {
  return build(
    OID.timestamptz,
    items,
    () => 8,
    (item, into, at) => into.writeBigInt64BE((BigInt(Math.trunc(item)) - PG_EPOCH_MS) * 1_000n, at),
  );
}
