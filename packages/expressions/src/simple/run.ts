/** One evaluation in the simple lane: its variables, and the count of what it has used. */
import { LimitFailure } from '../failure.ts';
import type { HubScope } from '../hub/hub-functions.ts';
import { jsonSize, type SizeMemo } from '../json-size.ts';
import { LIMITS } from '../limits.ts';

/** A node of the tree, compiled. */
export type Evaluate = (input: unknown, run: Run) => unknown;

export interface RunOptions {
  readonly root: unknown;
  readonly bindings: Readonly<Record<string, unknown>>;
  readonly scope: HubScope;
  readonly lookup: (table: string, key: string) => string | undefined;
}

/** Counts steps and characters rather than time, so that the same input always ends the same way, however busy the machine is. */
export class Run {
  readonly options: RunOptions;
  /** Values of variables bound in blocks, by slot. */
  readonly slots: unknown[] = [];
  #sizes: SizeMemo | null = null;
  #ticks = 0;
  #characters = 0;
  #lookups = 0;

  constructor(options: RunOptions) {
    this.options = options;
  }

  /** @throws LimitFailure above `LIMITS.ticksMax` */
  tick(steps = 1): void {
    this.#ticks += steps;
    if (this.#ticks > LIMITS.ticksMax) throw new LimitFailure('the expression took too many steps');
  }

  /** Counts a string the expression has made. */
  made(text: string): string {
    this.reserve(text.length);
    return text;
  }

  /** Counts characters about to be made. */
  reserve(length: number): void {
    this.#characters += length;
    if (length > LIMITS.stringMax || this.#characters > LIMITS.charactersMax) throw new LimitFailure('the expression made too much text');
  }

  /** Sizes that were measured; made when the first one is. */
  get sizes(): SizeMemo {
    this.#sizes ??= new Map();
    return this.#sizes;
  }

  /** Counts the steps of going through all of `value`. */
  walk(value: unknown): void {
    this.tick(Math.ceil(jsonSize(value, this.sizes) / 8));
  }

  lookup(table: string, key: string): string | undefined {
    this.#lookups += 1;
    if (this.#lookups > LIMITS.lookupsMax) throw new LimitFailure('the expression calls $lookup too often');
    return this.options.lookup(table, key);
  }
}
