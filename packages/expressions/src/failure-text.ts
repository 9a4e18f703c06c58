/** Words for the codes of failed evaluations. JSONata's own messages quote the values they fail on; these never do. */
import type { ExpressionFailure } from './failure.ts';

const TEXTS: Readonly<Record<string, string>> = {
  T0410: 'Argument {index} of function {token} does not match function signature',
  T0411: 'Context value is not a compatible type with argument {index} of function {token}',
  T0412: 'Argument {index} of function {token} must be an array of one type',
  D1001: 'Number out of range',
  D1002: 'Cannot negate a non-numeric value',
  T1003: 'Key in object structure must evaluate to a string',
  D1004: 'Regular expression matches zero length string',
  T1005: 'Attempted to invoke a non-function. Did you mean the function {token}?',
  T1006: 'Attempted to invoke a non-function',
  T1007: 'Attempted to partially apply a non-function. Did you mean the function {token}?',
  T1008: 'Attempted to partially apply a non-function',
  D1009: 'Multiple key definitions evaluate to same key',
  T1010: 'The matcher function argument passed to function {token} does not return the correct object structure',
  D1013: 'Object property names starting with _jsonata_ are reserved for internal use',
  T2001: 'The left side of the {token} operator must evaluate to a number',
  T2002: 'The right side of the {token} operator must evaluate to a number',
  T2003: 'The left side of the range operator (..) must evaluate to an integer',
  T2004: 'The right side of the range operator (..) must evaluate to an integer',
  T2006: 'The right side of the function application operator ~> must be a function',
  T2007: 'Type mismatch when comparing values in order-by clause',
  T2008: 'The expressions within an order-by clause must evaluate to numeric or string values',
  T2009: 'The values either side of operator {token} must be of the same data type',
  T2010: 'The expressions either side of operator {token} must evaluate to numeric or string values',
  T2011: 'The insert/update clause of the transform expression must evaluate to an object',
  T2012: 'The delete clause of the transform expression must evaluate to a string or array of strings',
  T2013: 'The transform expression needs $clone, which is overridden by a non-function',
  D3001: 'Attempting to invoke string function on Infinity or NaN',
  D3010: 'Second argument of replace function cannot be an empty string',
  D3011: 'Fourth argument of replace function must evaluate to a positive number',
  D3012: 'Attempted to replace a matched string with a non-string value',
  D3020: 'Third argument of split function must evaluate to a positive number',
  D3030: 'Unable to cast value to a number',
  D3040: 'Third argument of match function must evaluate to a positive number',
  D3050: 'The second argument of reduce function must be a function with at least two arguments',
  D3060: 'The sqrt function cannot be applied to a negative number',
  D3061: 'The power function has resulted in a value that cannot be represented as a JSON number',
  D3070: 'The single argument form of the sort function can only be applied to an array of strings or an array of numbers',
  D3100: 'The radix of the formatBase function must be between 2 and 36',
  D3110: 'The argument of the toMillis function must be an ISO 8601 formatted timestamp',
  D3120: 'Syntax error in expression passed to function eval',
  D3121: 'Dynamic error evaluating the expression passed to function eval',
  D3130: 'Formatting or parsing an integer in this sequence is not supported',
  D3132: 'Unknown component specifier in date/time picture string',
  D3136: 'The date/time picture string is missing specifiers required to parse the timestamp',
  D3137: 'The expression called $error',
  D3138: 'The $single() function expected exactly 1 matching result. Instead it matched more',
  D3139: 'The $single() function expected exactly 1 matching result. Instead it matched 0',
  D3140: 'Malformed URL passed to function {token}',
  D3141: 'An $assert of the expression did not hold',
  N1000: 'The expression cannot be evaluated on this input',
  N1001: 'The argument of $date is not a date (RFC 3339, a calendar date, or milliseconds since the epoch)',
  N1002: 'The format of $date must be datetime, date, time, seconds or millis',
  N1003: 'The argument of $money is not a decimal number',
  N1004: 'The second argument of $money must be a whole number from 0 to 18',
  N1005: 'The algorithm of $hash must be sha256, sha384, sha512, sha1 or md5',
  N1006: 'The encoding of $hash must be hex, base64 or base64url',
  N1007: 'Function {token} needs the time and seed of a message, which this place does not have',
  N1008: '$random and $shuffle are not available: a mapping must give the same result when it runs again',
  N1009: 'The input is not JSON data',
};

/** The code, the place and the reason, without any value of the input. */
export function failureText(failure: ExpressionFailure): string {
  const picture = /^D30[89]/.test(failure.code) || /^D313[0-5]/.test(failure.code);
  const text = TEXTS[failure.code] ?? (picture ? 'The picture string is not valid' : 'The expression failed');
  const words = text.replaceAll('{token}', failure.token ?? '').replaceAll('{index}', String(failure.index ?? ''));
  const place = failure.position === undefined ? '' : ` at position ${failure.position}`;
  return `${failure.code}${place}: ${words}`;
}
