/** What an evaluation throws inside this package; the engine turns it into a HubError. Holds no input data. */

/** An error of the expression: `code` is JSONata's (`T2001`) or ours (`N...`). */
export class ExpressionFailure extends Error {
  readonly code: string;
  readonly position: number | undefined;
  readonly token: string | undefined;
  readonly index: number | undefined;

  constructor(code: string, at: { position?: number | undefined; token?: string | undefined; index?: number | undefined } = {}) {
    super(code);
    this.code = code;
    this.position = at.position;
    this.token = at.token;
    this.index = at.index;
  }
}

/** The evaluation went over one of the bounds of `LIMITS`. */
export class LimitFailure extends Error {}

/** Reads an own property of anything thrown. */
export function propertyOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, name)?.value : undefined;
}

const LIMIT_CODES: Readonly<Record<string, string>> = {
  D1011: 'the expression calls itself too deeply',
  D1012: 'the expression ran too long',
  D2014: 'a range is too long',
  D2015: 'a sequence is too long',
};

/** Turns whatever JSONata (or V8) throws into one of our two failures, keeping code, position and token and nothing else. */
export function failureOf(
  error: unknown,
  at: { position?: number | undefined; token?: string | undefined } = {},
): ExpressionFailure | LimitFailure {
  if (error instanceof LimitFailure) return error;
  if (error instanceof ExpressionFailure) {
    if (error.position !== undefined && error.token !== undefined) return error;
    return new ExpressionFailure(error.code, {
      position: error.position ?? at.position,
      token: error.token ?? at.token,
      index: error.index,
    });
  }
  // V8 says RangeError for a stack that is too deep and for strings and arrays that are too long.
  if (error instanceof RangeError) return new LimitFailure('the expression used too much memory or called itself too deeply');
  const code = propertyOf(error, 'code');
  if (typeof code !== 'string') return new ExpressionFailure('N1000', at);
  const limit = LIMIT_CODES[code];
  if (limit !== undefined) return new LimitFailure(limit);
  const position = propertyOf(error, 'position');
  const token = propertyOf(error, 'token');
  const index = propertyOf(error, 'index');
  return new ExpressionFailure(code, {
    position: typeof position === 'number' ? position : at.position,
    token: typeof token === 'string' ? token : at.token,
    index: typeof index === 'number' ? index : undefined,
  });
}
