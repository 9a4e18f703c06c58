/** Fields that fit on one line beside their name. */
import type { FieldKind } from './field-kind.ts';

export function isSmall(kind: FieldKind['kind']): boolean {
  return kind === 'text' || kind === 'expression' || kind === 'secret' || kind === 'number' || kind === 'choice';
}
