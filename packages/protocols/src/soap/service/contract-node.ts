/** What a WSDL can say of JSON: the shapes that a JSON Schema is read into, and that XSD, decoding and encoding are made from. */

export type ContractNode = ScalarNode | ListNode | RecordNode;

export interface RecordNode extends NodeBase {
  kind: 'record';
  /** In the order of the schema, which is the order on the wire. */
  fields: readonly ContractField[];
}

export interface ContractField {
  name: string;
  node: ContractNode;
  required: boolean;
}

/** As a field: the element repeated. Inside another list: an element with `item` children. */
export interface ListNode extends NodeBase {
  kind: 'list';
  item: ContractNode;
  itemsMin: number;
  /** Null: any number. */
  itemsMax: number | null;
}

export interface ScalarNode extends NodeBase {
  kind: 'scalar';
  /** How it looks in JSON. */
  form: 'string' | 'integer' | 'number' | 'boolean';
  /** Local name of the type of XML Schema. */
  type: string;
  /** The only texts allowed; null: any. */
  values: readonly string[] | null;
  /** Facets of XML Schema, by name. */
  facets: Readonly<Record<string, string>>;
}

interface NodeBase {
  /** May be null: `xsi:nil`. */
  nullable: boolean;
  documentation: string | null;
}
