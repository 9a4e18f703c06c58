/** The facets of a simple type that JSON Schema can say too (XML Schema part 2, section 4.3). */
import { XSD_NS } from '../xml/namespaces.ts';
import { attributeOf, childElements, type XmlElement } from '../xml/xml-element.ts';
import type { Facets } from './schema-model.ts';

const ENUMERATION_MAX = 1_000;

/** Reads the facets of a restriction. Patterns are kept as text: the dialects differ, they are shown and not run. */
export function readFacets(restriction: XmlElement): Facets {
  const enumeration: string[] = [];
  const numbers: Record<string, number> = {};
  let pattern: string | undefined;
  for (const child of childElements(restriction)) {
    const value = attributeOf(child, 'value');
    if (child.ns !== XSD_NS || value === undefined) continue;
    if (child.local === 'enumeration' && enumeration.length < ENUMERATION_MAX) enumeration.push(value);
    else if (child.local === 'pattern') pattern = value;
    else if (child.local === 'length') Object.assign(numbers, { minLength: Number(value), maxLength: Number(value) });
    else if (NUMERIC.has(child.local) && Number.isFinite(Number(value))) numbers[child.local] = Number(value);
  }
  return { ...numbers, ...(enumeration.length > 0 ? { enumeration } : {}), ...(pattern === undefined ? {} : { pattern }) };
}

const NUMERIC: ReadonlySet<string> = new Set(['minLength', 'maxLength', 'minInclusive', 'maxInclusive']);
