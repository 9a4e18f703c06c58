/** What a command ends with; scripts rely on it, the README and `nave help` list it. */
export const EXIT = {
  ok: 0,
  /** Failed, or refused by the hub. */
  failed: 1,
  /** The command line or a file it names is wrong. */
  usage: 2,
  /** No answer from the hub. */
  unreachable: 3,
  /** `audit verify`: the record is not what was written. `ledger verify`: something accepted cannot be found. */
  broken: 4,
  /** `diff`: there are differences. */
  different: 5,
} as const;

export const EXIT_MEANINGS: readonly (readonly [number, string])[] = [
  [EXIT.ok, 'done'],
  [EXIT.failed, 'failed, or refused by the hub'],
  [EXIT.usage, 'wrong usage: the command line or a file it names'],
  [EXIT.unreachable, 'the hub cannot be reached'],
  [EXIT.broken, 'verification failed (audit verify, ledger verify)'],
  [EXIT.different, 'differences found (diff)'],
];
