/** JSONata in two lanes: simple expressions in-process, everything else in child processes with hard limits. */
export interface ExpressionEngine {
  /**
   * Compiles and caches by text.
   * @throws HubError `expression.compile` with the position; also when `lane` is `simple` and the expression is not
   */
  compile(text: string, options?: CompileOptions): CompiledExpression;
  /** Stops the child processes. */
  close(): Promise<void>;
}

export interface CompileOptions {
  /** `simple` refuses everything that cannot run in-process (inbound expressions and `when`). Default `any`. */
  lane?: 'simple' | 'any';
}

export interface CompiledExpression {
  readonly text: string;
  readonly simple: boolean;
  /**
   * Evaluates against `root`. `undefined` means the expression selects nothing.
   * The result is plain JSON data (no sequences, functions or prototypes of JSONata), safe to keep.
   * @throws HubError `expression.evaluate` (with JSONata's code and position) or `expression.limit` (100 ms, 64 MB)
   */
  evaluate(root: unknown, scope?: ExpressionScope): Promise<unknown>;
}

export interface ExpressionScope {
  /** Bound as `$name`: `$headers`, `$query`, `$method` for inbound; `$response` answers for steps are given as plain data by step name. */
  bindings?: Readonly<Record<string, unknown>>;
  /** Answers of earlier steps for `$response("<name>")`. */
  responses?: Readonly<Record<string, { status: number; headers: Readonly<Record<string, string>>; body: unknown }>>;
  /** What `$now()`, `$millis()` and `$date` take as the present (ms since the epoch): a mapping must give the same bytes when it runs twice. */
  nowMs: number;
  /** Seed of `$uuid()`: the same seed gives the same sequence of ids. */
  seed: string;
}
