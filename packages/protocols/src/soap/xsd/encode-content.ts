/** Puts the fields of an object into the order of a content model: sequences, choices, groups that repeat. */
import { isNcName, type QName, qname, splitQName } from '../xml/qname.ts';
import type { XmlElement } from '../xml/xml-element.ts';
import { encodeUntyped } from './encode-untyped.ts';
import type { ElementDeclaration } from './schema-model.ts';
import type { Model, SchemaView, Shape } from './schema-view.ts';
import { type At, below, ValueProblem } from './value-problem.ts';

type Encode = (declaration: ElementDeclaration, value: unknown, at: At) => XmlElement;

/** The values of one field that are still to be written. */
interface Pending {
  key: string;
  /** Where a value stands: lists have an index. */
  list: boolean;
  values: readonly unknown[];
  taken: number;
}

/**
 * Child elements in the order of the schema.
 * @throws ValueProblem for fields that nobody declared, that are missing, or that occur too often
 */
export function encodeContent(
  shape: Shape,
  object: Readonly<Record<string, unknown>>,
  at: At,
  encode: Encode,
  view: SchemaView,
): XmlElement[] {
  const writer = new ContentWriter(shape, object, at, encode, view);
  return writer.run();
}

class ContentWriter {
  readonly #shape: Shape;
  readonly #at: At;
  readonly #encode: Encode;
  readonly #view: SchemaView;
  readonly #pending = new Map<QName, Pending>();
  readonly #any: { name: QName; value: unknown; at: At }[];
  readonly #out: XmlElement[] = [];
  #anyTaken = 0;

  constructor(shape: Shape, object: Readonly<Record<string, unknown>>, at: At, encode: Encode, view: SchemaView) {
    this.#shape = shape;
    this.#at = at;
    this.#encode = encode;
    this.#view = view;
    const known = new Set<string>();
    for (const { key, element, repeated } of shape.fields) {
      known.add(key);
      const value = Object.hasOwn(object, key) ? object[key] : undefined;
      const list = repeated && Array.isArray(value);
      // An optional field that is null is left out, unless the schema has a way to write null.
      const absent = value === undefined || (value === null && !element.nillable);
      this.#pending.set(qname(element.ns, element.local), { key, list, values: absent ? [] : list ? value : [value], taken: 0 });
    }
    for (const key of Object.keys(object)) {
      if (known.has(key) || key.startsWith('@') || object[key] === undefined) continue;
      if (key === '#any' && shape.any) continue;
      if (key === '#text' && shape.mixed) continue;
      const names = [...known].slice(0, 20).join(', ');
      throw new ValueProblem(below(at, key).path, `unknown field, expected ${names === '' ? 'none' : `one of ${names}`}`);
    }
    this.#any = shape.any ? anyItems(object['#any'], at) : [];
  }

  run(): XmlElement[] {
    const { model } = this.#shape;
    if (model) this.#write(model);
    for (const { key, list, values, taken } of this.#pending.values()) {
      if (taken < values.length) throw new ValueProblem(this.#where(key, list, taken).path, 'more than the schema allows here');
    }
    if (this.#anyTaken < this.#any.length) throw new ValueProblem(below(this.#at, '#any').path, 'more than the schema allows here');
    return this.#out;
  }

  #write(model: Model): void {
    if (model.kind === 'element') this.#elements(model.element, model.min, model.max);
    else if (model.kind === 'any') this.#anyElements(model.min, model.max);
    else {
      for (let round = 0; round < model.max; round++) {
        const more = this.#waiting(model);
        // A required group is gone through even with nothing to write, so that what is missing is named.
        if (!more && round >= Math.min(model.min, 1)) break;
        const before = this.#out.length;
        if (model.kind === 'choice') this.#choose(model.items);
        else for (const item of model.items) this.#write(item);
        if (this.#out.length === before && round >= model.min) break;
      }
    }
  }

  #choose(items: readonly Model[]): void {
    const able = items.map((item) => ({ item, count: this.#count(item) })).filter(({ count }) => count > 0);
    const best = able.toSorted((a, b) => Number(this.#complete(b.item)) - Number(this.#complete(a.item)) || b.count - a.count)[0];
    if (best) this.#write(best.item);
    else if (items.length > 0 && !items.some((item) => this.#emptiable(item))) {
      const names = this.#namesOf(items).slice(0, 20).join(', ');
      throw new ValueProblem(this.#at.path, `expected one of the fields ${names}`);
    }
  }

  #elements(element: ElementDeclaration, min: number, max: number): void {
    const pending = this.#pending.get(qname(element.ns, element.local));
    if (!pending) return;
    let count = 0;
    for (; count < max && pending.taken < pending.values.length; count++) {
      const value = pending.values[pending.taken];
      this.#out.push(this.#encode(element, value, this.#where(pending.key, pending.list, pending.taken)));
      pending.taken++;
    }
    if (count >= min) return;
    if (element.fallback === null && !element.nillable) throw new ValueProblem(this.#where(pending.key, false, 0).path, 'required');
    this.#out.push(this.#encode(element, undefined, this.#where(pending.key, false, 0)));
  }

  #anyElements(min: number, max: number): void {
    let count = 0;
    for (; count < max && this.#anyTaken < this.#any.length; count++) {
      const next = this.#any[this.#anyTaken++];
      if (!next) break;
      const declaration = this.#view.element(next.name);
      const encode = (name: QName, value: unknown, at: At): XmlElement | null => {
        const declared = this.#view.element(name);
        return declared ? this.#encode(declared, value, at) : null;
      };
      this.#out.push(
        declaration ? this.#encode(declaration, next.value, next.at) : encodeUntyped(next.name, next.value, next.at, this.#view, encode),
      );
    }
    if (count < min) throw new ValueProblem(below(this.#at, '#any').path, 'required');
  }

  /** Whether anything below is still to be written. */
  #waiting(model: Model): boolean {
    return this.#count(model) > 0;
  }

  #count(model: Model): number {
    if (model.kind === 'any') return this.#anyTaken < this.#any.length ? 1 : 0;
    if (model.kind === 'element') {
      const pending = this.#pending.get(qname(model.element.ns, model.element.local));
      return pending && pending.taken < pending.values.length ? 1 : 0;
    }
    return model.items.reduce((sum, item) => sum + this.#count(item), 0);
  }

  /** Whether nothing that it needs is missing. */
  #complete(model: Model): boolean {
    if (model.min === 0) return true;
    if (model.kind === 'element' || model.kind === 'any') return this.#count(model) > 0;
    return model.kind === 'choice' ? model.items.some((item) => this.#complete(item)) : model.items.every((item) => this.#complete(item));
  }

  #emptiable(model: Model): boolean {
    if (model.min === 0) return true;
    if (model.kind === 'element' || model.kind === 'any') return false;
    return model.kind === 'choice' ? model.items.some((item) => this.#emptiable(item)) : model.items.every((item) => this.#emptiable(item));
  }

  #namesOf(items: readonly Model[]): string[] {
    return items.flatMap((item) => {
      if (item.kind === 'any') return ['#any'];
      return item.kind === 'element' ? [item.element.local] : this.#namesOf(item.items);
    });
  }

  #where(key: string, list: boolean, index: number): At {
    const at = below(this.#at, key);
    return list ? below(at, index) : at;
  }
}

/** `#any`: a list of objects with one field each, its name qualified. */
function anyItems(value: unknown, at: At): { name: QName; value: unknown; at: At }[] {
  if (value === undefined || value === null) return [];
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.map((item, index) => {
    const where = below(below(at, '#any'), index);
    const [entry, second] = typeof item === 'object' && item !== null && !Array.isArray(item) ? Object.entries(item) : [];
    if (!entry || second || !isNcName(splitQName(entry[0]).local))
      throw new ValueProblem(where.path, 'expected an object with one field, the qualified name of an element: {namespace}name');
    return { name: entry[0], value: entry[1], at: below(where, entry[0]) };
  });
}
