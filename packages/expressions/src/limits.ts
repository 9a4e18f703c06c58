/** Every bound of an expression in one place, so that the README, the tests and both lanes agree. */
export const LIMITS = {
  /** Characters of one expression. */
  textMax: 10_000,
  /** Nodes of the syntax tree. */
  nodesMax: 10_000,
  /** Levels of brackets: the parser recurses once per level. */
  bracketsMax: 200,
  /** How deep `??` and `?:` may stand to the left of each other: JSONata's parser copies the left side each time, so the tree doubles per level. */
  coalesceMax: 4,
  /** Levels of the syntax tree in the simple lane. */
  simpleDepthMax: 200,
  /** Steps of one evaluation in the simple lane: less than 100 ms on the reference machine, but the same on every run. */
  ticksMax: 2_000_000,
  /** Characters of one string in the simple lane. */
  stringMax: 8 * 1024 * 1024,
  /** Characters of all strings one evaluation makes in the simple lane. */
  charactersMax: 32 * 1024 * 1024,
  /** Size of a result, in characters of JSON (either lane). */
  resultMax: 8 * 1024 * 1024,
  /** Size of what is sent to a child process, in characters of JSON. */
  inputMax: 16 * 1024 * 1024,
  /** Characters of one regular expression. */
  regexMax: 1_000,
  /** Characters of a picture string of `$formatNumber` in the simple lane. */
  pictureMax: 100,
  /** Calls of `$lookup(table, key)` in one evaluation. */
  lookupsMax: 10_000,
  /** Compiled expressions kept, by text. */
  cacheMax: 2_000,
  /** Evaluations waiting for a child process. */
  queueMax: 1_000,
  /** Longest a child process may take to start, or to take up a job (ms). */
  startMs: 10_000,
  /** A child process without work ends after this time (ms) and gives its memory back. */
  idleMs: 60_000,
} as const;
