/** Faults a person can switch on in a simulated system by `POST /faults`, and how a system decides which request is hit. */

export const FAULT_MODES = ['ok', 'down', 'slow', 'flaky'] as const;
export type FaultMode = (typeof FAULT_MODES)[number];

export interface Fault {
  mode: FaultMode;
  /** `slow`: how long each answer is held back. */
  delayMs: number;
  /** `flaky`: one new request in `every` is hit. */
  every: number;
  /** `flaky`: how many attempts of a request that is hit fail before one gets through. */
  failures: number;
  /** `flaky`: requests whose text contains this fail always, whatever their turn; null = none. */
  stuck: string | null;
}

export const NO_FAULT: Fault = { mode: 'ok', delayMs: 2_000, every: 2, failures: 1, stuck: null };
const DELAY_MS_MAX = 60_000;
const COUNT_MAX = 100;
const STUCK_LENGTH_MAX = 200;
const REMEMBERED_MAX = 10_000;

/** Reads the body of `POST /faults`; what is left out has its default. Gives a sentence when it cannot be read. */
export function parseFault(body: unknown): Fault | string {
  if (typeof body !== 'object' || body === null) return 'expected a JSON object such as {"mode":"down"}';
  const given = new Map(Object.entries(body));
  const mode = FAULT_MODES.find((known) => known === given.get('mode'));
  if (mode === undefined) return `mode: expected one of ${FAULT_MODES.join(', ')}`;
  const delayMs = given.get('delayMs') ?? NO_FAULT.delayMs;
  const every = given.get('every') ?? NO_FAULT.every;
  const failures = given.get('failures') ?? NO_FAULT.failures;
  const stuck = given.get('stuck') ?? null;
  if (!isCount(delayMs, DELAY_MS_MAX)) return `delayMs: expected a whole number up to ${DELAY_MS_MAX}`;
  if (!isCount(every, COUNT_MAX)) return `every: expected a whole number from 1 to ${COUNT_MAX}`;
  if (!isCount(failures, COUNT_MAX)) return `failures: expected a whole number from 1 to ${COUNT_MAX}`;
  if (stuck !== null && (typeof stuck !== 'string' || stuck === '' || stuck.length > STUCK_LENGTH_MAX)) return 'stuck: expected a text';
  return { mode, delayMs, every, failures, stuck };
}

/** What a fault does to one request. */
export type FaultEffect = { kind: 'none' } | { kind: 'wait'; ms: number } | { kind: 'fail'; status: 502 | 503 };

export interface FaultSwitch {
  current(): Fault;
  set(fault: Fault): void;
  /**
   * Decides about one attempt.
   * @param key the same for all attempts of one request (its Idempotency-Key), so that `flaky` lets a later attempt through
   * @param text what `stuck` is looked for in
   */
  effectOn(key: string, text: string): FaultEffect;
}

export function createFaultSwitch(): FaultSwitch {
  let fault = NO_FAULT;
  let turn = 0;
  const failuresLeft = new Map<string, number>();
  return {
    current: () => fault,
    set(next) {
      fault = next;
      turn = 0;
      failuresLeft.clear();
    },
    effectOn(key, text) {
      if (fault.mode === 'ok') return { kind: 'none' };
      if (fault.mode === 'down') return { kind: 'fail', status: 503 };
      if (fault.mode === 'slow') return { kind: 'wait', ms: fault.delayMs };
      if (fault.stuck !== null && text.includes(fault.stuck)) return { kind: 'fail', status: 502 };
      let left = failuresLeft.get(key);
      if (left === undefined) {
        turn++;
        left = turn % fault.every === 0 ? fault.failures : 0;
        if (failuresLeft.size >= REMEMBERED_MAX) failuresLeft.clear();
      }
      failuresLeft.set(key, Math.max(0, left - 1));
      return left > 0 ? { kind: 'fail', status: 502 } : { kind: 'none' };
    },
  };
}

function isCount(value: unknown, max: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= max;
}
