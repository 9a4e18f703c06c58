/** Names of entries and attributes in inputs. */
import { failed, type LdapResult, normaliseDn } from '@nave/protocols';
import { Type } from 'typebox';

export const Dn = Type.String({ minLength: 3, maxLength: 4_000, description: 'Distinguished name' });
export const AttributeNames = Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { maxItems: 500 });

/** The name in the form that is sent. */
export function nameOf(text: string, field: string): LdapResult<string> {
  const dn = normaliseDn(text);
  return dn === null || dn === '' ? failed('invalid', `/${field} is not a distinguished name`) : { ok: true, value: dn };
}

/** Whether a request was answered with one of these codes. */
export function wasRefused(result: LdapResult<unknown>, ...codes: readonly number[]): boolean {
  return !result.ok && result.failure.kind === 'result' && codes.includes(result.failure.code ?? -1);
}
