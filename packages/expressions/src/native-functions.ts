/** JSONata's own functions as values, so that the simple lane runs the very same code, and locked, so that no expression can change them for the next. */
import jsonata from 'jsonata';

const NAMES =
  'sum count max min average string substring substringBefore substringAfter lowercase uppercase length trim pad match contains replace split join formatNumber formatBase formatInteger parseInteger number floor ceil round abs sqrt power random boolean not map zip filter single reduce sift keys lookup append exists spread merge reverse each error assert type sort shuffle distinct base64encode base64decode encodeUrlComponent encodeUrl decodeUrlComponent decodeUrl eval toMillis fromMillis clone'.split(
    ' ',
  );

/** How jsonata 2.2 keeps a function (defineFunction in src/jsonata.js). */
export interface NativeFunction {
  readonly _jsonata_function: true;
  readonly implementation: (...args: unknown[]) => unknown;
  readonly signature: { validate(args: readonly unknown[], context: unknown): unknown[] };
}

function isNative(value: unknown): value is NativeFunction {
  if (typeof value !== 'object' || value === null) return false;
  if (!('_jsonata_function' in value && 'implementation' in value && 'signature' in value)) return false;
  return typeof value.implementation === 'function' && typeof value.signature === 'object';
}

async function load(): Promise<ReadonlyMap<string, NativeFunction>> {
  const found = new Map<string, NativeFunction>();
  for (const name of NAMES) {
    const value: unknown = await jsonata(`$${name}`).evaluate(undefined);
    if (!isNative(value)) throw new Error(`jsonata has no function $${name}`);
    // A transform such as |$sum|{...}| writes into the function it selects. `token` and `position` stay open: the evaluator sets them.
    for (const property of ['_jsonata_function', 'implementation', 'signature']) {
      Object.defineProperty(value, property, { writable: false, configurable: false });
    }
    Object.freeze(value.signature);
    found.set(name, value);
  }
  return found;
}

/** Every built-in function of jsonata 2.2 by name, without the dollar sign. */
export const NATIVE_FUNCTIONS: ReadonlyMap<string, NativeFunction> = await load();
