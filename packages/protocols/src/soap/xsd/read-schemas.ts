/** Reads `xsd:schema` elements into a schema set. What a schema may say and this does not need (identity constraints, `notation`) is passed over. */
import { WSDL_NS, XSD_NS } from '../xml/namespaces.ts';
import { type QName, qname } from '../xml/qname.ts';
import { attributeOf, childElements, childOf, resolveQName, textOf, type XmlElement } from '../xml/xml-element.ts';
import { ANY_TYPE, STRING_TYPE } from './builtin-types.ts';
import { readFacets } from './read-facets.ts';
import type {
  AttributeDeclaration,
  AttributeUse,
  AttributeUses,
  ComplexType,
  ElementDeclaration,
  Particle,
  SchemaSet,
} from './schema-model.ts';

/** A schema and the namespace it is read into: an included schema without its own takes that of the one including it. */
export interface SchemaSource {
  schema: XmlElement;
  targetNamespace: string;
}

/** Definitions beyond this number are a schema nobody calls an API with. */
const DEFINITIONS_MAX = 50_000;

/** @throws SchemaProblem for what cannot be read: a prefix nobody declared, too many definitions */
export function readSchemas(sources: readonly SchemaSource[]): SchemaSet {
  const set: SchemaSet = {
    ...{ elements: new Map(), types: new Map(), attributes: new Map() },
    ...{ groups: new Map(), attributeGroups: new Map(), substitutes: new Map() },
  };
  for (const { schema, targetNamespace } of sources) new SchemaReader(set, schema, targetNamespace).read();
  return set;
}

/** A schema that cannot be read. The text names parts of the schema, never data. */
export class SchemaProblem extends Error {}

class SchemaReader {
  readonly #set: SchemaSet;
  readonly #schema: XmlElement;
  readonly #ns: string;
  #anonymous = 0;

  constructor(set: SchemaSet, schema: XmlElement, targetNamespace: string) {
    this.#set = set;
    this.#schema = schema;
    this.#ns = targetNamespace;
  }

  read(): void {
    for (const child of childElements(this.#schema)) {
      if (child.ns !== XSD_NS) continue;
      if (child.local === 'redefine' || child.local === 'override') for (const inner of childElements(child)) this.#global(inner);
      else this.#global(child);
    }
  }

  #global(child: XmlElement): void {
    const local = attributeOf(child, 'name');
    if (child.ns !== XSD_NS || local === undefined) return;
    const name = qname(this.#ns, local);
    const { elements, types, attributes, groups, attributeGroups } = this.#set;
    if (child.local === 'element') {
      elements.set(name, this.#element(child, this.#ns));
      const head = attributeOf(child, 'substitutionGroup');
      if (head !== undefined) this.#substitute(this.#resolve(child, head), name);
    } else if (child.local === 'complexType') this.#complexType(child, name);
    else if (child.local === 'simpleType') this.#simpleType(child, name);
    else if (child.local === 'attribute') attributes.set(name, this.#attribute(child, this.#ns));
    else if (child.local === 'group') groups.set(name, this.#model(child) ?? { kind: 'sequence', items: [], min: 1, max: 1 });
    else if (child.local === 'attributeGroup') attributeGroups.set(name, this.#attributeUses(child));
    if (elements.size + types.size > DEFINITIONS_MAX) throw new SchemaProblem(`more than ${DEFINITIONS_MAX} definitions in the schemas`);
  }

  #substitute(head: QName, member: QName): void {
    const members = this.#set.substitutes.get(head) ?? [];
    if (!members.includes(member)) members.push(member);
    this.#set.substitutes.set(head, members);
  }

  #resolve(at: XmlElement, text: string): QName {
    const resolved = resolveQName(at, text);
    if (resolved === null) throw new SchemaProblem('a name in a schema has a prefix that is not declared');
    // A schema without a target namespace that was included into one (chameleon include) names its own parts without a namespace.
    return resolved.startsWith('{') || at.scope?.get('') === XSD_NS ? resolved : qname(this.#ns, resolved);
  }

  #typeOf(at: XmlElement, hint: string): QName {
    const named = attributeOf(at, 'type');
    if (named !== undefined) return this.#resolve(at, named);
    const complex = childOf(at, XSD_NS, 'complexType');
    const simple = childOf(at, XSD_NS, 'simpleType');
    if (!complex && !simple) return ANY_TYPE;
    const name = this.#anonymousName(hint);
    if (complex) this.#complexType(complex, name);
    else if (simple) this.#simpleType(simple, name);
    return name;
  }

  /** `#` cannot stand in a name of XML, so the made-up names meet no real ones. */
  #anonymousName(hint: string): QName {
    let name: QName;
    do name = qname(this.#ns, `#${hint}.${++this.#anonymous}`);
    while (this.#set.types.has(name));
    this.#set.types.set(name, EMPTY(name));
    return name;
  }

  #element(at: XmlElement, ns: string): ElementDeclaration {
    const local = attributeOf(at, 'name') ?? '';
    const head = attributeOf(at, 'substitutionGroup');
    const untyped = attributeOf(at, 'type') === undefined && !childOf(at, XSD_NS, 'complexType') && !childOf(at, XSD_NS, 'simpleType');
    // A member without a type of its own has that of its head.
    const type = untyped && head !== undefined ? this.#set.elements.get(this.#resolve(at, head))?.type : undefined;
    return {
      ns,
      local,
      type: type ?? this.#typeOf(at, local),
      nillable: isTrue(attributeOf(at, 'nillable')),
      abstract: isTrue(attributeOf(at, 'abstract')),
      fallback: attributeOf(at, 'fixed') ?? attributeOf(at, 'default') ?? null,
      documentation: documentationOf(at),
    };
  }

  #attribute(at: XmlElement, ns: string): AttributeDeclaration {
    const local = attributeOf(at, 'name') ?? '';
    const type = attributeOf(at, 'type') === undefined && !childOf(at, XSD_NS, 'simpleType') ? STRING_TYPE : this.#typeOf(at, local);
    return { ns, local, type, fallback: attributeOf(at, 'fixed') ?? attributeOf(at, 'default') ?? null };
  }

  #simpleType(at: XmlElement, name: QName): void {
    const restriction = childOf(at, XSD_NS, 'restriction');
    const list = childOf(at, XSD_NS, 'list');
    const union = childOf(at, XSD_NS, 'union');
    const inner = (part: XmlElement, attribute: string): QName => {
      const named = attributeOf(part, attribute);
      if (named !== undefined) return this.#resolve(part, named);
      const nested = childOf(part, XSD_NS, 'simpleType');
      if (!nested) return STRING_TYPE;
      const made = this.#anonymousName('simple');
      this.#simpleType(nested, made);
      return made;
    };
    const base = { kind: 'simple', name, members: [], facets: {} } as const;
    if (list) this.#set.types.set(name, { ...base, variety: 'list', base: inner(list, 'itemType') });
    else if (union) {
      const named = (attributeOf(union, 'memberTypes') ?? '').split(/\s+/).filter((text) => text !== '');
      const nested = childElements(union).filter((child) => child.local === 'simpleType' && child.ns === XSD_NS);
      const made = nested.map((child) => {
        const member = this.#anonymousName('member');
        this.#simpleType(child, member);
        return member;
      });
      const members = [...named.map((text) => this.#resolve(union, text)), ...made];
      this.#set.types.set(name, { ...base, variety: 'union', base: null, members });
    } else if (restriction) {
      this.#set.types.set(name, { ...base, variety: 'atomic', base: inner(restriction, 'base'), facets: readFacets(restriction) });
    }
  }

  #complexType(at: XmlElement, name: QName): void {
    const content = childOf(at, XSD_NS, 'complexContent') ?? childOf(at, XSD_NS, 'simpleContent');
    const extension = content && childOf(content, XSD_NS, 'extension');
    const restriction = content && childOf(content, XSD_NS, 'restriction');
    const body = extension ?? restriction ?? at;
    const baseName = attributeOf(body, 'base');
    const base = baseName === undefined || body === at ? null : this.#resolve(body, baseName);
    const simple = content?.local === 'simpleContent';
    // Known before its parts are read, which may name it.
    this.#set.types.set(name, EMPTY(name));
    this.#set.types.set(name, {
      kind: 'complex',
      name,
      abstract: isTrue(attributeOf(at, 'abstract')),
      mixed: isTrue(attributeOf(content ?? at, 'mixed')) || isTrue(attributeOf(at, 'mixed')),
      // Attributes are inherited by restrictions too, and simple content has its text from there.
      extends: base !== null && (extension !== undefined || simple) && base !== ANY_TYPE ? base : null,
      content: simple ? null : this.#model(body),
      text: simple ? base : null,
      arrayOf: restriction ? this.#arrayOf(restriction) : null,
      ...this.#attributeUses(body),
    });
  }

  /** `wsdl:arrayType="tns:Item[]"` on the attribute of a SOAP array (WSDL 1.1 section 2.2); `[,]` and `[][]` are read as lists of anything. */
  #arrayOf(restriction: XmlElement): QName | null {
    for (const child of childElements(restriction)) {
      const written = attributeOf(child, 'arrayType', WSDL_NS);
      const match = written === undefined ? null : /^([^[\]]+)(\[[0-9,]*\])+$/.exec(written.trim());
      if (match?.[1] !== undefined)
        return match[2] === '[]' && written?.includes('][') === false ? this.#resolve(child, match[1]) : ANY_TYPE;
    }
    const base = attributeOf(restriction, 'base');
    if (base === undefined || !/\}Array$/.test(this.#resolve(restriction, base)) || !isEncodingNs(this.#resolve(restriction, base)))
      return null;
    // The other way to write one: a sequence of one element, as SOAP 1.2 does.
    const model = this.#model(restriction);
    const only = model?.kind === 'sequence' ? model.items[0] : undefined;
    return only?.kind === 'element' && typeof only.element !== 'string' ? only.element.type : ANY_TYPE;
  }

  #attributeUses(at: XmlElement): AttributeUses {
    const attributes: AttributeUse[] = [];
    const groups: QName[] = [];
    let anyAttribute = false;
    for (const child of childElements(at)) {
      if (child.ns !== XSD_NS) continue;
      const ref = attributeOf(child, 'ref');
      if (child.local === 'anyAttribute') anyAttribute = true;
      else if (child.local === 'attributeGroup' && ref !== undefined) groups.push(this.#resolve(child, ref));
      else if (child.local === 'attribute' && attributeOf(child, 'use') !== 'prohibited') {
        const form = attributeOf(child, 'form') ?? attributeOf(this.#schema, 'attributeFormDefault');
        const declaration = ref === undefined ? this.#attribute(child, form === 'qualified' ? this.#ns : '') : this.#resolve(child, ref);
        attributes.push({ declaration, required: attributeOf(child, 'use') === 'required' });
      }
    }
    return { attributes, groups, anyAttribute };
  }

  /** The content model directly in an element. */
  #model(at: XmlElement): Particle | null {
    for (const child of childElements(at)) {
      const particle = this.#particle(child);
      if (particle) return particle;
    }
    return null;
  }

  #particle(at: XmlElement): Particle | null {
    if (at.ns !== XSD_NS) return null;
    const min = Number(attributeOf(at, 'minOccurs') ?? 1);
    const maxText = attributeOf(at, 'maxOccurs') ?? '1';
    const max = maxText === 'unbounded' ? Number.POSITIVE_INFINITY : Number(maxText);
    if (!(min >= 0) || !(max >= 0)) throw new SchemaProblem('minOccurs and maxOccurs must be numbers');
    const ref = attributeOf(at, 'ref');
    switch (at.local) {
      case 'element': {
        if (ref !== undefined) return { kind: 'element', element: this.#resolve(at, ref), min, max };
        const form = attributeOf(at, 'form') ?? attributeOf(this.#schema, 'elementFormDefault');
        return { kind: 'element', element: this.#element(at, form === 'qualified' ? this.#ns : ''), min, max };
      }
      case 'sequence':
      case 'choice':
      case 'all':
        return { kind: at.local, items: childElements(at).flatMap((child) => this.#particle(child) ?? []), min, max };
      case 'group':
        return ref === undefined ? null : { kind: 'group', ref: this.#resolve(at, ref), min, max };
      case 'any':
        return { kind: 'any', min, max };
      default:
        return null;
    }
  }
}

const EMPTY = (name: QName): ComplexType => ({
  ...{ name, abstract: false, mixed: false, extends: null, content: null, text: null, arrayOf: null },
  ...{ attributes: [], groups: [], anyAttribute: false },
  kind: 'complex',
});

/** What `xsd:documentation` says, on one line. */
function documentationOf(at: XmlElement): string | null {
  const annotation = childOf(at, XSD_NS, 'annotation');
  const documentation = annotation && childOf(annotation, XSD_NS, 'documentation');
  const text = documentation ? textOf(documentation).replace(/\s+/g, ' ').trim().slice(0, 500) : '';
  return text === '' ? null : text;
}

function isTrue(value: string | undefined): boolean {
  return value === 'true' || value === '1';
}

function isEncodingNs(name: QName): boolean {
  return /soap\/encoding\/|soap-encoding/.test(name);
}
