/** The records behind the simulated HubSpot. */
import type { SimulatedAnswer } from '../../simulator-kit/start-simulator.ts';

export interface SimulatedObject {
  id: string;
  properties: Record<string, string>;
  createdAt: string;
  updatedAt: string;
  archived: boolean;
}

const SEARCH_MAX = 10_000;

export class HubspotRecords {
  readonly #byType = new Map<string, SimulatedObject[]>();
  readonly #unique: Readonly<Record<string, readonly string[]>>;
  readonly #now: () => number;
  readonly #indexDelayMs: number;
  #nextId = 101;

  constructor(unique: Readonly<Record<string, readonly string[]>>, now: () => number, indexDelayMs: number) {
    this.#unique = { contacts: ['email'], ...unique };
    this.#now = now;
    this.#indexDelayMs = indexDelayMs;
  }

  all(type: string): SimulatedObject[] {
    return this.#list(type).filter(({ archived }) => !archived);
  }

  has(type: string, id: string): boolean {
    return this.all(type).some((record) => record.id === id);
  }

  create(type: string, body: unknown): SimulatedAnswer {
    const properties = textsOf(at(body, 'properties'));
    const problem = invalidity(properties);
    if (problem !== null) return refusal(400, 'VALIDATION_ERROR', problem);
    const taken = this.#taken(type, properties);
    if (taken !== undefined) return refusal(409, 'CONFLICT', `Contact already exists. Existing ID: ${taken.id}`);
    return json(201, this.#add(type, properties));
  }

  one(type: string, id: string, idProperty: string | null, method: string, body: unknown): SimulatedAnswer {
    const record = this.#find(type, id, idProperty);
    if (method === 'DELETE') {
      if (record) record.archived = true;
      return { status: 204 };
    }
    if (record === undefined) return refusal(404, 'OBJECT_NOT_FOUND', 'resource not found');
    if (method === 'GET') return json(200, record);
    if (method !== 'PATCH') return { status: 405 };
    const properties = textsOf(at(body, 'properties'));
    const problem = invalidity(properties);
    if (problem !== null) return refusal(400, 'VALIDATION_ERROR', problem);
    const taken = this.#taken(type, properties);
    if (taken !== undefined && taken.id !== record.id)
      return refusal(409, 'CONFLICT', `A record already has that value. Existing ID: ${taken.id}`);
    return json(200, this.#change(record, properties));
  }

  /** With trace ids every input stands for itself; without them the first that is wrong refuses all. */
  upsert(type: string, body: unknown): SimulatedAnswer {
    const inputs: unknown = at(body, 'inputs');
    if (!Array.isArray(inputs) || inputs.length === 0 || inputs.length > 100)
      return refusal(400, 'VALIDATION_ERROR', 'Invalid input: 1 to 100 inputs');
    const traced = inputs.every((input) => typeof at(input, 'objectWriteTraceId') === 'string');
    const results: unknown[] = [];
    const errors: unknown[] = [];
    for (const input of inputs) {
      const idProperty = String(at(input, 'idProperty') ?? '');
      const id = String(at(input, 'id') ?? '');
      const properties = { ...textsOf(at(input, 'properties')), [idProperty]: id };
      const trace = at(input, 'objectWriteTraceId');
      const unique = (this.#unique[type] ?? []).includes(idProperty);
      const problem = unique ? invalidity(properties) : `Property ${idProperty} is not unique`;
      if (problem !== null) {
        if (!traced) return refusal(400, 'VALIDATION_ERROR', problem);
        errors.push({ status: 'error', category: 'VALIDATION_ERROR', message: problem, context: { objectWriteTraceId: [trace] } });
        continue;
      }
      const known = this.#find(type, id, idProperty);
      const record = known === undefined ? this.#add(type, properties) : this.#change(known, properties);
      results.push({ ...record, new: known === undefined, ...(traced ? { objectWriteTraceId: trace } : {}) });
    }
    const base = {
      status: 'COMPLETE',
      results,
      startedAt: new Date(this.#now()).toISOString(),
      completedAt: new Date(this.#now()).toISOString(),
    };
    return errors.length === 0 ? json(200, base) : json(207, { ...base, numErrors: errors.length, errors });
  }

  search(type: string, body: unknown): SimulatedAnswer {
    const limit = Number(at(body, 'limit') ?? 10);
    const after = Number(at(body, 'after') ?? 0);
    if (after + limit > SEARCH_MAX) return refusal(400, 'VALIDATION_ERROR', 'paging through more than 10000 results is not supported');
    const groups: unknown = at(body, 'filterGroups');
    const wanted = Array.isArray(groups) ? groups : [];
    const indexedUntil = this.#now() - this.#indexDelayMs;
    const found = this.all(type)
      .filter(({ updatedAt }) => Date.parse(updatedAt) <= indexedUntil)
      .filter(
        (record) => wanted.length === 0 || wanted.some((group) => listAt(group, 'filters').every((filter) => matches(record, filter))),
      );
    const sort = listAt(body, 'sorts')[0];
    const sign = at(sort, 'direction') === 'DESCENDING' ? -1 : 1;
    if (sort !== undefined)
      found.sort(
        (one, other) => sign * (numberAt(one, String(at(sort, 'propertyName'))) - numberAt(other, String(at(sort, 'propertyName')))),
      );
    const page = found.slice(after, after + limit);
    const paging = after + limit < found.length ? { paging: { next: { after: String(after + limit) } } } : {};
    return json(200, { total: found.length, results: page, ...paging });
  }

  #list(type: string): SimulatedObject[] {
    const known = this.#byType.get(type);
    if (known) return known;
    const list: SimulatedObject[] = [];
    this.#byType.set(type, list);
    return list;
  }

  #find(type: string, id: string, idProperty: string | null): SimulatedObject | undefined {
    return this.all(type).find((record) =>
      idProperty === null ? record.id === id : record.properties[idProperty]?.toLowerCase() === id.toLowerCase(),
    );
  }

  #taken(type: string, properties: Readonly<Record<string, string>>): SimulatedObject | undefined {
    return (this.#unique[type] ?? []).flatMap((name) => {
      const value = properties[name];
      const record = value === undefined ? undefined : this.#find(type, value, name);
      return record === undefined ? [] : [record];
    })[0];
  }

  #add(type: string, properties: Record<string, string>): SimulatedObject {
    const at = new Date(this.#now()).toISOString();
    const id = String(this.#nextId++);
    const record = { id, properties: { ...properties, hs_object_id: id }, createdAt: at, updatedAt: at, archived: false };
    this.#list(type).push(this.#change(record, {}));
    return record;
  }

  #change(record: SimulatedObject, properties: Record<string, string>): SimulatedObject {
    const at = new Date(this.#now()).toISOString();
    Object.assign(record.properties, properties, { lastmodifieddate: at, hs_lastmodifieddate: at });
    record.updatedAt = at;
    return record;
  }
}

function matches(record: SimulatedObject, filter: unknown): boolean {
  const name = String(at(filter, 'propertyName'));
  const value = String(at(filter, 'value'));
  const found = record.properties[name];
  const number = numberAt(record, name);
  switch (at(filter, 'operator')) {
    case 'EQ':
      return /date$/.test(name) ? number === Number(value) : found?.toLowerCase() === value.toLowerCase();
    case 'GTE':
      return number >= Number(value);
    case 'GT':
      return number > Number(value);
    case 'HAS_PROPERTY':
      return found !== undefined;
    default:
      return false;
  }
}

/** Times as milliseconds, everything else as a number. */
function numberAt({ properties }: SimulatedObject, name: string): number {
  const value = properties[name] ?? '';
  return /^\d{4}-/.test(value) ? Date.parse(value) : Number(value);
}

function invalidity(properties: Readonly<Record<string, string>>): string | null {
  const email = properties['email'];
  return email !== undefined && !/^[^@\s]+@[^@\s]+$/.test(email) ? 'Property values were not valid: email' : null;
}

function at(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function listAt(value: unknown, name: string): readonly unknown[] {
  const list = at(value, name);
  return Array.isArray(list) ? list : [];
}

function textsOf(value: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(typeof value === 'object' && value !== null ? value : {}).map(([name, each]) => [name, String(each)]),
  );
}

function refusal(status: number, category: string, message: string): SimulatedAnswer {
  return json(status, { status: 'error', category, message, correlationId: 'aeb5f871-7f07-4993-9211-075dc63e7cbf' });
}

function json(status: number, body: unknown): SimulatedAnswer {
  return { status, headers: { 'Content-Type': 'application/json;charset=utf-8' }, body: JSON.stringify(body) };
}
