/** The operations of a `hubspot` spoke: what they take and the request they make. */
import type { OperationDeclaration } from '@nave/adapter-kit';
import { checkSchema, EXPECTED_MARK, stringifyExact } from '@nave/adapter-kit';
import type { FieldProblem } from '@nave/core';
import { type Static, type TSchema, Type } from 'typebox';
import { Check } from 'typebox/value';
import { BATCH_MAX, type HubspotConfig, idPropertyOf, OBJECT_TYPE } from './config.ts';
import type { HubspotPaths } from './paths.ts';

export interface HubspotRequest {
  method: string;
  url: string;
  body?: string | undefined;
  /** Inputs of a batch, for its result; null for everything else. */
  batch: readonly BatchInput[] | null;
}

export interface BatchInput {
  id: string;
  idProperty: string;
}

export type Planned = { ok: true; request: HubspotRequest } | { ok: false; problems: readonly FieldProblem[] };
type Plan = (data: unknown, config: HubspotConfig, paths: HubspotPaths) => Planned;

interface HubspotOperation {
  declaration: OperationDeclaration;
  plan: Plan;
}

const closed = { additionalProperties: false };
const ObjectType = Type.String({
  pattern: OBJECT_TYPE,
  description: 'Type of the records',
  [EXPECTED_MARK]: 'an object type such as contacts',
});
const RecordId = Type.String({ minLength: 1, maxLength: 500, description: 'Id of HubSpot, or the value of idProperty' });
const IdProperty = Type.Optional(
  Type.String({ pattern: '^[A-Za-z0-9_]{1,100}$', description: 'Property with unique values', [EXPECTED_MARK]: 'the name of a property' }),
);
const Properties = Type.Record(Type.String(), Type.Unknown(), { description: 'Values by internal property name' });
const Names = (description: string) =>
  Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 100 }), { maxItems: 200, description }));
const Association = Type.Object(
  {
    category: Type.Optional(Type.String({ default: 'HUBSPOT_DEFINED' })),
    typeId: Type.Integer({ description: 'Id of the association type' }),
  },
  closed,
);

const Upsert = Type.Object(
  {
    objectType: ObjectType,
    idProperty: IdProperty,
    id: Type.Optional(Type.String({ minLength: 1, maxLength: 500, description: 'Value of idProperty, for a single record' })),
    properties: Type.Optional(Properties),
    inputs: Type.Optional(
      Type.Array(Type.Object({ id: RecordId, idProperty: IdProperty, properties: Properties }, closed), {
        minItems: 1,
        maxItems: 1_000,
        description: 'Several records instead of one',
      }),
    ),
  },
  closed,
);
const Create = Type.Object(
  {
    objectType: ObjectType,
    properties: Properties,
    idProperty: IdProperty,
    associations: Type.Optional(
      Type.Array(Type.Object({ toId: RecordId, types: Type.Array(Association, { minItems: 1, maxItems: 10 }) }, closed), { maxItems: 100 }),
    ),
  },
  closed,
);
const Update = Type.Object({ objectType: ObjectType, id: RecordId, idProperty: IdProperty, properties: Properties }, closed);
const Get = Type.Object(
  {
    objectType: ObjectType,
    id: RecordId,
    idProperty: IdProperty,
    properties: Names('Properties wanted'),
    associations: Names('Associated types wanted'),
  },
  closed,
);
const Filter = Type.Object(
  {
    propertyName: Type.String({ minLength: 1, maxLength: 100 }),
    operator: Type.String({
      minLength: 1,
      maxLength: 30,
      description: 'EQ, NEQ, GT, GTE, LT, LTE, BETWEEN, IN, HAS_PROPERTY, CONTAINS_TOKEN, ...',
    }),
    value: Type.Optional(Type.Unknown()),
    values: Type.Optional(Type.Array(Type.Unknown(), { maxItems: 100 })),
    highValue: Type.Optional(Type.Unknown()),
  },
  closed,
);
const Search = Type.Object(
  {
    objectType: ObjectType,
    filters: Type.Optional(Type.Array(Filter, { maxItems: 6, description: 'All must hold' })),
    filterGroups: Type.Optional(
      Type.Array(Type.Object({ filters: Type.Array(Filter, { maxItems: 6 }) }, closed), {
        maxItems: 5,
        description: 'One group must hold',
      }),
    ),
    query: Type.Optional(Type.String({ maxLength: 3_000 })),
    sorts: Type.Optional(
      Type.Array(Type.Object({ propertyName: Type.String(), direction: Type.Optional(Type.String()) }, closed), { maxItems: 1 }),
    ),
    properties: Names('Properties wanted'),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
    after: Type.Optional(
      Type.String({ maxLength: 100, description: 'paging.next.after of the page before; HubSpot ends at 10,000 records' }),
    ),
  },
  closed,
);
const Archive = Type.Object({ objectType: ObjectType, id: RecordId }, closed);
const pair = { fromType: ObjectType, fromId: RecordId, toType: ObjectType, toId: RecordId };
const Associate = Type.Object(
  {
    ...pair,
    types: Type.Optional(
      Type.Array(Association, { minItems: 1, maxItems: 10, description: 'Labels. Default: the unlabelled association' }),
    ),
  },
  closed,
);
const Dissociate = Type.Object(pair, closed);
// Asked with the input of `create`, of which it needs the type and the unique value.
const FindCreated = Type.Object({ objectType: ObjectType, properties: Properties, idProperty: IdProperty }, { additionalProperties: true });

export const HUBSPOT_OPERATIONS: readonly HubspotOperation[] = [
  operation(
    { name: 'upsert', title: 'Create or update records by a unique property', idempotent: 'always' },
    Upsert,
    (input, config, paths) => {
      const { objectType, idProperty, inputs, id, properties } = input;
      const given = inputs ?? (id === undefined || properties === undefined ? null : [{ id, properties }]);
      if (given === null) return [{ path: '/id', message: 'required with properties, or inputs' }];
      if (inputs !== undefined && (id !== undefined || properties !== undefined))
        return [{ path: '/inputs', message: 'stand beside id and properties: expected one of them' }];
      const batchMax = config.batchMax ?? BATCH_MAX;
      if (given.length > batchMax)
        return [{ path: '/inputs', message: `expected at most ${batchMax} inputs, so that one delivery is one request` }];
      const batch: (BatchInput & { properties: unknown })[] = [];
      for (const [index, each] of given.entries()) {
        const property = ('idProperty' in each ? each.idProperty : undefined) ?? idProperty ?? idPropertyOf(config, objectType);
        if (property === undefined)
          return [{ path: inputs === undefined ? '/idProperty' : `/inputs/${index}/idProperty`, message: NO_ID_PROPERTY }];
        batch.push({ id: each.id, idProperty: property, properties: each.properties });
      }
      // Trace ids switch HubSpot to one result per input (207) and say which result is whose.
      const body = { inputs: batch.map((each, index) => ({ ...each, objectWriteTraceId: String(index) })) };
      return { method: 'POST', url: paths.objects(objectType, 'batch', 'upsert'), body: stringifyExact(body), batch };
    },
  ),
  operation({ name: 'create', title: 'Create a record', idempotent: 'never', lookup: 'findCreated' }, Create, (input, _config, paths) => {
    const associations = input.associations?.map(({ toId, types }) => ({ to: { id: toId }, types: typesOf(types) }));
    return {
      ...{ method: 'POST', url: paths.objects(input.objectType), batch: null },
      body: stringifyExact({ properties: input.properties, ...(associations ? { associations } : {}) }),
    };
  }),
  operation(
    {
      name: 'findCreated',
      title: 'Find a record by its unique property',
      summary: 'Reads the record itself, not the search index.',
      idempotent: 'always',
    },
    FindCreated,
    (input, config, paths) => {
      const property = input.idProperty ?? idPropertyOf(config, input.objectType);
      const value = property === undefined || !Object.hasOwn(input.properties, property) ? undefined : input.properties[property];
      if (property === undefined || typeof value !== 'string' || value === '') return [{ path: '/properties', message: NO_ID_PROPERTY }];
      return {
        method: 'GET',
        url: `${paths.objects(input.objectType, value)}?${new URLSearchParams({ idProperty: property }).toString()}`,
        batch: null,
      };
    },
  ),
  operation({ name: 'update', title: 'Update a record', idempotent: 'always' }, Update, (input, _config, paths) => ({
    ...{ method: 'PATCH', url: withQuery(paths.objects(input.objectType, input.id), { idProperty: input.idProperty }), batch: null },
    body: stringifyExact({ properties: input.properties }),
  })),
  operation({ name: 'get', title: 'Read a record', idempotent: 'always' }, Get, (input, _config, paths) => {
    const query = { idProperty: input.idProperty, properties: input.properties?.join(','), associations: input.associations?.join(',') };
    return { method: 'GET', url: withQuery(paths.objects(input.objectType, input.id), query), batch: null };
  }),
  operation(
    { name: 'search', title: 'Search records', summary: 'The index lags behind changes by seconds.', idempotent: 'always' },
    Search,
    ({ objectType, filters, filterGroups, ...rest }, _config, paths) => {
      const groups = filterGroups ?? (filters === undefined ? undefined : [{ filters }]);
      const body = { ...rest, ...(groups === undefined ? {} : { filterGroups: groups }) };
      return { method: 'POST', url: paths.objects(objectType, 'search'), body: stringifyExact(body), batch: null };
    },
  ),
  operation({ name: 'archive', title: 'Archive a record', idempotent: 'always' }, Archive, ({ objectType, id }, _config, paths) => ({
    ...{ method: 'DELETE', url: paths.objects(objectType, id), batch: null },
  })),
  operation({ name: 'associate', title: 'Associate two records', idempotent: 'always' }, Associate, (input, _config, paths) => {
    const from = { type: input.fromType, id: input.fromId };
    return input.types === undefined
      ? { method: 'PUT', url: paths.associations(from, 'default', input.toType, input.toId), batch: null }
      : { method: 'PUT', url: paths.associations(from, input.toType, input.toId), body: JSON.stringify(typesOf(input.types)), batch: null };
  }),
  operation(
    { name: 'dissociate', title: 'Remove all associations of two records', idempotent: 'always' },
    Dissociate,
    (input, _config, paths) => ({
      ...{ method: 'DELETE', url: paths.associations({ type: input.fromType, id: input.fromId }, input.toType, input.toId), batch: null },
    }),
  ),
];

const NO_ID_PROPERTY = 'expected a property with unique values: idProperty, or idProperties of the spoke';

function operation<Schema extends TSchema>(
  declaration: Omit<OperationDeclaration, 'input'>,
  schema: Schema,
  plan: (input: Static<Schema>, config: HubspotConfig, paths: HubspotPaths) => HubspotRequest | readonly FieldProblem[],
): HubspotOperation {
  return {
    declaration: { ...declaration, input: shown(schema) },
    plan(data, config, paths) {
      if (!Check(schema, data)) return { ok: false, problems: checkSchema(schema, data) };
      const planned = plan(data, config, paths);
      return 'method' in planned ? { ok: true, request: planned } : { ok: false, problems: planned };
    },
  };
}

/** A schema as plain JSON Schema. */
function shown(schema: TSchema): Readonly<Record<string, unknown>> {
  return { ...schema };
}

function typesOf(types: readonly Static<typeof Association>[]): unknown[] {
  return types.map(({ category, typeId }) => ({ associationCategory: category ?? 'HUBSPOT_DEFINED', associationTypeId: typeId }));
}

function withQuery(url: string, query: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(query).flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, value]]));
  return given.length === 0 ? url : `${url}?${new URLSearchParams(given).toString()}`;
}
