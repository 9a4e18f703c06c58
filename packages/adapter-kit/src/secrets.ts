/** Secret fields in schemas: marked once, so that storing, reading, forms and redaction all know them. */
import { type TString, type TStringOptions, Type } from 'typebox';

/** The annotation that marks a string as a secret: sealed at rest, write-only in the API. */
export const SECRET_MARK = 'x-nave-secret';

/** A string field that holds a secret. */
export function secretString(options: TStringOptions = {}): TString {
  return Type.String({ minLength: 1, maxLength: 65_536, ...options, [SECRET_MARK]: true });
}
