/**
 * PostgreSQL arrays in binary form, as parameters of the hot statements: no escaping, no quoting, bytes as they are.
 * Format: array_recv in src/backend/utils/adt/arrayfuncs.c - dimensions, has-null flag, element oid, (length, lower bound), then length-prefixed elements.
 */

const OID = { bool: 16, bytea: 17, int8: 20, int2: 21, int4: 23, text: 25, timestamptz: 1184, uuid: 2950 } as const;
const PG_EPOCH_MS = 946_684_800_000;

/** Where arrays are written before their size is known; what may not fit gets a place of its own. */
const SCRATCH = Buffer.allocUnsafeSlow(64 * 1024);
const HEAD_BYTES = 20;

/**
 * Counted loops, as these run for every column of every batch: iterators made a twentieth of a message's short-lived objects.
 * @param most bytes that an item can take
 * @param write gives the bytes it took
 */
function build<T>(
  oid: number,
  items: readonly (T | null)[],
  most: (item: T) => number,
  write: (item: T, into: Buffer, at: number) => number,
): Buffer {
  if (items.length === 0) {
    const empty = Buffer.alloc(12);
    empty.writeInt32BE(oid, 8);
    return empty;
  }
  let bytesMax = HEAD_BYTES + 4 * items.length;
  let hasNull = 0;
  for (let n = 0; n < items.length; n++) {
    const item = items[n] ?? null;
    if (item === null) hasNull = 1;
    else bytesMax += most(item);
  }
  const into = bytesMax <= SCRATCH.length ? SCRATCH : Buffer.allocUnsafe(bytesMax);
  into.writeInt32BE(1, 0);
  into.writeInt32BE(hasNull, 4);
  into.writeInt32BE(oid, 8);
  into.writeInt32BE(items.length, 12);
  into.writeInt32BE(1, 16);
  let at = HEAD_BYTES;
  for (let n = 0; n < items.length; n++) {
    const item = items[n] ?? null;
    if (item === null) {
      at = into.writeInt32BE(-1, at);
    } else {
      const length = write(item, into, at + 4);
      at = into.writeInt32BE(length, at) + length;
    }
  }
  return into === SCRATCH ? Buffer.from(into.subarray(0, at)) : into.subarray(0, at);
}

export function uuidArray(items: readonly (string | null)[]): Buffer {
  return build(OID.uuid, items, () => 16, writeUuid);
}

/** Places of the digits of a UUID in its text form (RFC 9562 section 4). */
const DIGITS = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];

function writeUuid(id: string, into: Buffer, at: number): number {
  for (let n = 0; n < 16; n++) {
    const place = DIGITS[n] ?? 0;
    into[at + n] = (digit(id.charCodeAt(place)) << 4) | digit(id.charCodeAt(place + 1));
  }
  return 16;
}

/** The value of a hexadecimal digit of either case, by its character code. */
function digit(code: number): number {
  return code < 0x3a ? code - 0x30 : (code | 0x20) - 0x57;
}

export function textArray(items: readonly (string | null)[]): Buffer {
  return build(
    OID.text,
    items,
    // A UTF-16 unit is three bytes of UTF-8 at most.
    (item) => 3 * item.length,
    (item, into, at) => into.write(item, at, 'utf8'),
  );
}

export function byteaArray(items: readonly (Uint8Array | null)[]): Buffer {
  return build(
    OID.bytea,
    items,
    (item) => item.length,
    (item, into, at) => {
      into.set(item, at);
      return item.length;
    },
  );
}

export function int4Array(items: readonly (number | null)[]): Buffer {
  return build(
    OID.int4,
    items,
    () => 4,
    (item, into, at) => into.writeInt32BE(item, at) - at,
  );
}

export function int8Array(items: readonly (number | null)[]): Buffer {
  return build(OID.int8, items, () => 8, writeInt8);
}

export function boolArray(items: readonly (boolean | null)[]): Buffer {
  return build(
    OID.bool,
    items,
    () => 1,
    (item, into, at) => into.writeUInt8(item ? 1 : 0, at) - at,
  );
}

/** Milliseconds since the Unix epoch as timestamptz. */
export function timestampArray(items: readonly (number | null)[]): Buffer {
  return build(
    OID.timestamptz,
    items,
    () => 8,
    (item, into, at) => {
      const ms = Math.trunc(item) - PG_EPOCH_MS;
      const micros = ms * 1_000;
      // Beyond the year 2285 a number no longer holds every microsecond.
      return Number.isSafeInteger(micros) ? writeInt8(micros, into, at) : into.writeBigInt64BE(BigInt(ms) * 1_000n, at) - at;
    },
  );
}

/** Without `BigInt`, which is an object for each. @param value a safe integer */
function writeInt8(value: number, into: Buffer, at: number): number {
  const high = Math.floor(value / 2 ** 32);
  into.writeInt32BE(high, at);
  into.writeUInt32BE(value - high * 2 ** 32, at + 4);
  return 8;
}
