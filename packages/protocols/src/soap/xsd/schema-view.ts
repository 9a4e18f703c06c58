/** Answers questions about a schema set, with inheritance, groups and substitution resolved: what fields a type has, what its text is. */
import { type QName, qname, splitQName } from '../xml/qname.ts';
import { ANY_TYPE, builtinForm, STRING_TYPE } from './builtin-types.ts';
import { SchemaProblem } from './read-schemas.ts';
import type {
  AttributeDeclaration,
  AttributeUses,
  ComplexType,
  ElementDeclaration,
  Particle,
  ParticleBase,
  SchemaSet,
  SimpleType,
} from './schema-model.ts';

/** A content model without references: elements are declarations, with the members of their substitution groups beside them. */
export type Model = ParticleBase &
  ({ kind: 'element'; element: ElementDeclaration } | { kind: 'sequence' | 'choice' | 'all'; items: readonly Model[] } | { kind: 'any' });

/** A child element as a field of a JSON object. */
export interface Field {
  /** Local name, or the qualified one where two children share a local name. */
  key: string;
  element: ElementDeclaration;
  /** Whether an object without it is incomplete. */
  required: boolean;
  /** A list in JSON. */
  repeated: boolean;
}

export interface AttributeField {
  /** `@name`, or `@{ns}name` for one in a namespace. */
  key: string;
  declaration: AttributeDeclaration;
  required: boolean;
}

/** A complex type with all it inherits. */
export interface Shape {
  name: QName;
  abstract: boolean;
  mixed: boolean;
  model: Model | null;
  fields: readonly Field[];
  attributes: readonly AttributeField[];
  anyAttribute: boolean;
  /** `xsd:any` somewhere in the content. */
  any: boolean;
  /** The type of the text, for simple content. */
  text: QName | null;
  arrayOf: QName | null;
}

export type Resolved = { kind: 'builtin'; name: QName } | { kind: 'any' } | SimpleType | { kind: 'shape'; shape: Shape };

/** Inheritance and groups deeper than this are circular. */
const DEPTH_MAX = 64;
/** Particles of one type, groups put in: what a schema cannot blow up to. */
const PARTICLES_MAX = 20_000;

export class SchemaView {
  readonly set: SchemaSet;
  readonly #shapes = new Map<QName, Shape>();

  constructor(set: SchemaSet) {
    this.set = set;
  }

  /** A global element, or null. */
  element(name: QName): ElementDeclaration | null {
    return this.set.elements.get(name) ?? null;
  }

  /**
   * A type by name; what nobody defined (types of other namespaces that were not imported) takes anything.
   * @throws SchemaProblem for a circular definition
   */
  type(name: QName): Resolved {
    if (name === ANY_TYPE) return { kind: 'any' };
    if (builtinForm(name) !== null) return { kind: 'builtin', name };
    const definition = this.set.types.get(name);
    if (!definition) return isEncodedArray(name) ? { kind: 'shape', shape: arrayShape(name) } : { kind: 'any' };
    return definition.kind === 'simple' ? definition : { kind: 'shape', shape: this.#shape(definition) };
  }

  /** What a simple type comes down to: a type that is brought along, and whether the text is a list of it. */
  textType(name: QName): { base: QName; list: boolean; enumeration: readonly string[] | null } {
    let at = name;
    let list = false;
    let enumeration: readonly string[] | null = null;
    for (let depth = 0; depth < DEPTH_MAX; depth++) {
      if (builtinForm(at) !== null) return { base: at, list, enumeration };
      const definition = this.set.types.get(at);
      if (definition?.kind === 'complex' && definition.text !== null) at = definition.text;
      else if (definition?.kind !== 'simple' || definition.base === null) return { base: STRING_TYPE, list, enumeration };
      else {
        enumeration ??= definition.facets.enumeration ?? null;
        list ||= definition.variety === 'list';
        at = definition.base;
      }
    }
    throw new SchemaProblem(`the type ${splitQName(name).local} is circular`);
  }

  #shape(type: ComplexType): Shape {
    const known = this.#shapes.get(type.name);
    if (known) return known;
    const budget = { left: PARTICLES_MAX };
    const attributes = new Map<string, AttributeField>();
    const models: Model[] = [];
    let anyAttribute = false;
    let text: QName | null = null;
    let mixed = type.mixed;
    let at: ComplexType | null = type;
    for (let depth = 0; at !== null; depth++) {
      if (depth > DEPTH_MAX) throw new SchemaProblem(`the type ${splitQName(type.name).local} is circular`);
      anyAttribute ||= this.#attributes(at, attributes, 0);
      // The base's content comes first (XML Schema part 1, section 3.4.2).
      if (at.content) models.unshift(this.#model(at.content, 0, budget));
      text ??= at.text;
      mixed ||= at.mixed;
      at = this.#complex(at.extends);
    }
    const [only] = models;
    const model: Model | null = models.length <= 1 ? (only ?? null) : { kind: 'sequence', items: models, min: 1, max: 1 };
    const { fields, any } = fieldsOf(model);
    const shape: Shape = {
      ...{ name: type.name, abstract: type.abstract, mixed, model, fields, any, anyAttribute, text, arrayOf: type.arrayOf },
      attributes: [...attributes.values()],
    };
    this.#shapes.set(type.name, shape);
    return shape;
  }

  #complex(name: QName | null): ComplexType | null {
    const found = name === null ? undefined : this.set.types.get(name);
    return found?.kind === 'complex' ? found : null;
  }

  /** True when any further attribute may stand there. */
  #attributes(uses: AttributeUses, into: Map<string, AttributeField>, depth: number): boolean {
    if (depth > DEPTH_MAX) throw new SchemaProblem('an attribute group is circular');
    let any = uses.anyAttribute;
    for (const { declaration, required } of uses.attributes) {
      const found = typeof declaration === 'string' ? (this.set.attributes.get(declaration) ?? unknownAttribute(declaration)) : declaration;
      const key = `@${qname(found.ns, found.local)}`;
      if (!into.has(key)) into.set(key, { key, declaration: found, required });
    }
    for (const name of uses.groups) {
      const group = this.set.attributeGroups.get(name);
      if (group) any = this.#attributes(group, into, depth + 1) || any;
    }
    return any;
  }

  #model(particle: Particle, depth: number, budget: { left: number }): Model {
    if (depth > DEPTH_MAX || --budget.left < 0) throw new SchemaProblem('a group of elements is circular or too large');
    const { min, max } = particle;
    switch (particle.kind) {
      case 'any':
        return { kind: 'any', min, max };
      case 'group': {
        const group = this.set.groups.get(particle.ref);
        const items = group ? [this.#model(group, depth + 1, budget)] : [];
        return { kind: 'sequence', items, min, max };
      }
      case 'element':
        return this.#elementModel(particle.element, { min, max }, budget);
      default:
        return { kind: particle.kind, items: particle.items.map((item) => this.#model(item, depth + 1, budget)), min, max };
    }
  }

  #elementModel(reference: ElementDeclaration | QName, { min, max }: ParticleBase, budget: { left: number }): Model {
    if (typeof reference !== 'string') return { kind: 'element', element: reference, min, max };
    const members: ElementDeclaration[] = [];
    const pending = [reference];
    for (const seen = new Set<QName>(); ; ) {
      const name = pending.shift();
      if (name === undefined) break;
      if (seen.has(name)) continue;
      if (--budget.left < 0) throw new SchemaProblem('a substitution group is too large');
      seen.add(name);
      const declared = this.set.elements.get(name);
      if (declared && !declared.abstract) members.push(declared);
      pending.push(...(this.set.substitutes.get(name) ?? []));
    }
    const [first, second] = members;
    if (first && !second) return { kind: 'element', element: first, min, max };
    if (!first) return { kind: 'any', min, max };
    return { kind: 'choice', items: members.map((element) => ({ kind: 'element', element, min: 1, max: 1 })), min, max };
  }
}

interface Occurrence {
  element: ElementDeclaration;
  min: number;
  max: number;
}

function fieldsOf(model: Model | null): { fields: Field[]; any: boolean } {
  const found = { any: false };
  const occurrences = model ? occurrencesOf(model, found) : new Map<QName, Occurrence>();
  const keys = new Set<string>();
  const fields = [...occurrences].map(([name, { element, min, max }]): Field => {
    const key = keys.has(element.local) ? name : element.local;
    keys.add(key);
    return { key, element, required: min > 0, repeated: max > 1 };
  });
  return { fields, any: found.any };
}

/** How often each element may occur: sums in a sequence, the most of the alternatives in a choice. */
function occurrencesOf(model: Model, found: { any: boolean }): Map<QName, Occurrence> {
  const all = new Map<QName, Occurrence>();
  if (model.max === 0) return all;
  const times = (count: number, factor: number): number => (count === 0 || factor === 0 ? 0 : count * factor);
  if (model.kind === 'any') found.any = true;
  else if (model.kind === 'element') {
    all.set(qname(model.element.ns, model.element.local), { element: model.element, min: model.min, max: model.max });
  } else {
    const parts = model.items.map((item) => occurrencesOf(item, found));
    for (const part of parts) {
      for (const [name, { element, min, max }] of part) {
        const known = all.get(name) ?? { element, min: 0, max: 0 };
        if (model.kind === 'choice') {
          const everywhere = parts.every((other) => (other.get(name)?.min ?? 0) > 0);
          all.set(name, { element, min: everywhere ? 1 : 0, max: Math.max(known.max, max) });
        } else all.set(name, { element: known.element, min: known.min + min, max: known.max + max });
      }
    }
    for (const [name, { element, min, max }] of all) all.set(name, { element, min: times(min, model.min), max: times(max, model.max) });
  }
  return all;
}

function unknownAttribute(name: QName): AttributeDeclaration {
  return { ...splitQName(name), type: STRING_TYPE, fallback: null };
}

function isEncodedArray(name: QName): boolean {
  return splitQName(name).local === 'Array' && /soap\/encoding\/|soap-encoding/.test(name);
}

function arrayShape(name: QName): Shape {
  return {
    ...{ name, abstract: false, mixed: false, model: null, fields: [], attributes: [], anyAttribute: true, any: false, text: null },
    arrayOf: ANY_TYPE,
  };
}
