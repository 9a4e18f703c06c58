/** Which fields of an object are shown at once, and which wait under "More settings". */
import { fieldOf } from './field-kind.ts';
import { isJsonObject, isSecret, type JsonObject, ownValue, propertiesOf, requiredOf, textOf } from './schema-shape.ts';

/** So few are not worth hiding. */
const FEW = 3;
/** What makes up most forms: shown although it may be left out. */
const USUAL = new Set(['operations', 'polls', 'keys', 'verify']);

/** @param without a field that is shown elsewhere */
export function splitFields(schema: JsonObject, value: unknown, without?: string): { main: string[]; more: string[] } {
  const properties = propertiesOf(schema);
  const required = requiredOf(schema);
  const names = Object.keys(properties).filter((name) => name !== without && !isIgnored(properties[name]));
  const isNeeded = (name: string) => {
    const present = ownValue(value, name);
    return required.has(name) || (present !== undefined && present !== null) || isSecret(properties[name]);
  };
  const isUsual = (name: string) => USUAL.has(name) && fieldOf(properties[name]).kind.kind !== 'json';
  if (!names.some(isNeeded)) return { main: names, more: [] };
  const main = names.filter((name) => isNeeded(name) || isUsual(name));
  const more = names.filter((name) => !main.includes(name));
  if (more.length <= FEW) return { main: names, more: [] };
  return { main, more };
}

/** Fields that reads answer and writes ignore. */
function isIgnored(schema: unknown): boolean {
  return (
    isJsonObject(schema) && (schema['readOnly'] === true || /^(?:Ignored|Answered by reads)\b/.test(textOf(schema, 'description') ?? ''))
  );
}
