/**
 * PostgreSQL arrays in binary form, as parameters of the hot statements: no escaping, no quoting, bytes as they are.
 * Format: array_recv in src/backend/utils/adt/arrayfuncs.c - dimensions, has-null flag, element oid, (length, lower bound), then length-prefixed elements.
 */

const PG_EPOCH_MS = 946_684_800_000;

/** Where arrays are written before their size is known; what may not fit gets a place of its own. */
const SCRATCH = Buffer.allocUnsafeSlow(64 * 1024);
const HEAD_BYTES = 20;

export interface ElementType<T> {
  name: string;
  oid: number;
  /** Bytes that an item takes at most. */
  most: (item: T) => number;
  /** Gives the bytes it took. */
  write: (item: T, into: Buffer, at: number) => number;
}

/**
 * One field of many rows as an array with an element for each.
 * Counted loops, as these run for every column of every batch: iterators made a twentieth of a message's short-lived objects.
 */
export function arrayFrom<Row, T>({ oid, most, write }: ElementType<T>, rows: readonly Row[], of: (row: Row) => T | null): Buffer {
  if (rows.length === 0) {
    const empty = Buffer.alloc(12);
    empty.writeInt32BE(oid, 8);
    return empty;
  }
  const items: (T | null)[] = [];
  let bytesMax = HEAD_BYTES + 4 * rows.length;
  let hasNull = 0;
  for (let n = 0; n < rows.length; n++) {
    const row = rows[n];
    const item = row === undefined ? null : of(row);
    items.push(item);
    if (item === null) hasNull = 1;
    else bytesMax += most(item);
  }
  const into = bytesMax <= SCRATCH.length ? SCRATCH : Buffer.allocUnsafe(bytesMax);
  into.writeInt32BE(1, 0);
  into.writeInt32BE(hasNull, 4);
  into.writeInt32BE(oid, 8);
  into.writeInt32BE(rows.length, 12);
  into.writeInt32BE(1, 16);
  let at = HEAD_BYTES;
  for (let n = 0; n < rows.length; n++) {
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

/** Milliseconds since the Unix epoch, by PostgreSQL's. */
function writeTimestamp(item: number, into: Buffer, at: number): number {
  const ms = Math.trunc(item) - PG_EPOCH_MS;
  const micros = ms * 1_000;
  // Beyond the year 2285 a number no longer holds every microsecond.
  return Number.isSafeInteger(micros) ? writeInt8(micros, into, at) : into.writeBigInt64BE(BigInt(ms) * 1_000n, at) - at;
}

/** Without `BigInt`, which is an object for each. @param value a safe integer */
function writeInt8(value: number, into: Buffer, at: number): number {
  const high = Math.floor(value / 2 ** 32);
  into.writeInt32BE(high, at);
  into.writeUInt32BE(value - high * 2 ** 32, at + 4);
  return 8;
}

// Oids: src/include/catalog/pg_type.dat.
export const UUID: ElementType<string> = { name: 'uuid', oid: 2950, most: () => 16, write: writeUuid };
// A UTF-16 unit is three bytes of UTF-8 at most.
export const TEXT: ElementType<string> = {
  name: 'text',
  oid: 25,
  most: (item) => 3 * item.length,
  write: (item, into, at) => into.write(item, at, 'utf8'),
};
export const BYTEA: ElementType<Uint8Array> = {
  name: 'bytea',
  oid: 17,
  most: (item) => item.length,
  write(item, into, at) {
    into.set(item, at);
    return item.length;
  },
};
export const INT4: ElementType<number> = {
  name: 'int4',
  oid: 23,
  most: () => 4,
  write: (item, into, at) => into.writeInt32BE(item, at) - at,
};
export const INT8: ElementType<number> = { name: 'int8', oid: 20, most: () => 8, write: writeInt8 };
export const BOOL: ElementType<boolean> = {
  name: 'bool',
  oid: 16,
  most: () => 1,
  write: (item, into, at) => into.writeUInt8(item ? 1 : 0, at) - at,
};
export const TIMESTAMP: ElementType<number> = { name: 'timestamptz', oid: 1184, most: () => 8, write: writeTimestamp };

function itself<T>(item: T): T {
  return item;
}

/** Makes the arrays of one type. */
function arrayOf<T>(type: ElementType<T>): (items: readonly (T | null)[]) => Buffer {
  return (items) => arrayFrom(type, items, itself);
}

export const uuidArray = arrayOf(UUID);
export const textArray = arrayOf(TEXT);
export const byteaArray = arrayOf(BYTEA);
export const int4Array = arrayOf(INT4);
