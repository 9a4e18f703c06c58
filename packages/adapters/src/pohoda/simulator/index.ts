/** A simulated mServer of Pohoda, for the demo and the tests: Windows-1250, one request at a time, errors inside HTTP 200. */
import { parseXml } from '@nave/adapter-kit';
import iconv from 'iconv-lite';
import { type SimulatedAnswer, type SimulatedRequest, type Simulator, startSimulator } from '../../simulator-kit/start-simulator.ts';
import { namespaceOf } from '../xml/namespaces.ts';
import { attributeOf, childOf, isTree, localName, type XmlTree } from '../xml/tree.ts';
import { writeXml, type XmlElement, type XmlNode } from '../xml/write-xml.ts';
import { exported, type Imported, listedAgenda, SimulatedLedger, type SimulatedRecord } from './ledger.ts';

export interface PohodaSimulator extends Simulator {
  /** Everything in the books, in the order it was made. */
  records(agenda?: SimulatedRecord['agenda']): readonly SimulatedRecord[];
  /** Somebody works in Pohoda itself. */
  touch(id: number, change?: Partial<Pick<SimulatedRecord, 'document' | 'toPay'>>): void;
  /** Requests that were worked on at the same time; mServer never does. */
  parallelMax(): number;
}

export interface PohodaOptions {
  port?: number;
  ico?: string;
  company?: string;
  username?: string;
  password?: string;
  /** The user may not import XML. */
  withoutRights?: boolean;
  /** How long every document takes, in ms. */
  workMs?: number;
  /** Milliseconds since the epoch; its UTC time is the local time of the server. */
  now?: () => number;
}

/**
 * `POST /xml` and `GET /status`. A repeated pack and item with `STW-Check-Duplicity: true` is refused with "již existuje"; without that header the same document
 * is made twice. Nothing runs in parallel: a second request waits for the first, also when its caller has given up.
 */
export async function startPohodaSimulator(options: PohodaOptions = {}): Promise<PohodaSimulator> {
  const {
    port,
    ico = '12345678',
    company = 'Novák s. r. o.',
    username = 'Nave',
    password = 'heslo',
    withoutRights = false,
    workMs = 0,
    now = Date.now,
  } = options;
  const ledger = new SimulatedLedger(now);
  const taken = new Set<string>();
  let line: Promise<unknown> = Promise.resolve();
  let working = 0;
  let most = 0;

  function answer(request: SimulatedRequest): SimulatedAnswer | Promise<SimulatedAnswer> {
    const path = request.target.split('?', 1)[0];
    if (path === '/status') return xml(200, status());
    if (path !== '/xml') return { status: 404, body: 'Not found' };
    if (request.method !== 'POST') return { status: 405 };
    const turn = line.then(() => work(request));
    line = turn.catch(() => {});
    return turn;
  }

  async function work(request: SimulatedRequest): Promise<SimulatedAnswer> {
    working++;
    most = Math.max(most, working);
    if (workMs > 0) await new Promise((resolve) => setTimeout(resolve, workMs));
    working--;
    const given = /^Basic (.*)$/.exec(request.headers['stw-authorization'] ?? '')?.[1] ?? '';
    if (iconv.decode(Buffer.from(given, 'base64'), 'windows-1250') !== `${username}:${password}`)
      return { status: 401, body: 'Unauthorized' };
    return xml(200, respond(request));
  }

  function respond({ body, headers }: SimulatedRequest): XmlElement {
    if (!/^<\?xml[^>]*encoding="Windows-1250"/.test(body.subarray(0, 100).toString('latin1')))
      return refused('', 'Kódování dokumentu není Windows-1250');
    const parsed = parseXml(iconv.decode(body, 'windows-1250'));
    const pack = parsed.ok && isTree(parsed.data) ? childOf(parsed.data, 'dataPack') : null;
    const item = childOf(pack, 'dataPackItem');
    if (pack === null || item === null) return refused('', 'Soubor neobsahuje platný XML dokument');
    const packId = attributeOf(pack, 'id') ?? '';
    if (withoutRights) return refused(packId, 'Uživatel není oprávněn importovat XML soubory.');
    if (attributeOf(pack, 'ico') !== ico) return refused(packId, `IČ ${attributeOf(pack, 'ico') ?? ''} nesouhlasí s IČ účetní jednotky`);
    const itemId = attributeOf(item, 'id') ?? '';
    const key = `${packId}|${itemId}`;
    if (headers['stw-check-duplicity'] === 'true' && taken.has(key))
      return packOf(packId, itemId, 'error', undefined, 'Položka již existuje, duplicitní id');
    const [name, node] = Object.entries(item).find(([each]) => !each.startsWith('@')) ?? ['', null];
    if (!isTree(node)) return packOf(packId, itemId, 'error', undefined, 'Prázdná položka');
    const listed = listedAgenda(name);
    if (listed !== null) return packOf(packId, itemId, 'ok', list(listed, node), undefined);
    const imported = ledger.import(localName(name), node);
    if ('record' in imported) taken.add(key);
    const agenda = { [`${name}Response`]: agendaOf(imported) };
    return packOf(packId, itemId, imported.findings.some(({ state }) => state === 'error') ? 'error' : 'ok', agenda, undefined);
  }

  function list(agenda: SimulatedRecord['agenda'], request: XmlTree): XmlElement {
    const [root, child] = {
      invoice: ['lst:listInvoice', 'lst:invoice'],
      order: ['lst:listOrder', 'lst:order'],
      addressbook: ['lAdb:listAddressBook', 'lAdb:addressbook'],
      stock: ['lStk:listStock', 'lStk:stock'],
    }[agenda];
    const stamp = new Date(now()).toISOString().slice(0, 19);
    const records = ledger.list(agenda, request).map(exported);
    return {
      [root ?? '']: {
        '@version': '2.0',
        '@dateTimeStamp': stamp,
        '@dateValidFrom': stamp.slice(0, 10),
        '@state': 'ok',
        [child ?? '']: records,
      },
    };
  }

  const packOf = (packId: string, itemId: string, state: string, agenda: XmlElement | undefined, note: string | undefined): XmlElement => ({
    ...envelope(packId, 'ok'),
    'rsp:responsePackItem': { '@version': '2.0', '@id': itemId, '@state': state, '@note': note, ...agenda },
  });
  const refused = (packId: string, note: string): XmlElement => ({ ...envelope(packId, 'error'), '@note': note });
  const envelope = (packId: string, state: string): XmlElement => ({
    '@version': '2.0',
    '@id': packId,
    '@state': state,
    '@programVersion': '13907.6 SQL (12.3.2025)',
    '@ico': ico,
  });

  function status(): XmlElement {
    return {
      status: working > 0 ? 'busy' : 'idle',
      server: 'POHODA mServer',
      processing: String(working),
      companyDetail: { company, databaseName: `StwPh_${ico}_2026`, year: '2026' },
    };
  }

  const simulator = await startSimulator(answer, port);
  return {
    ...simulator,
    records: (agenda) => ledger.records.filter((record) => agenda === undefined || record.agenda === agenda),
    touch: (id, change) => ledger.touch(id, change),
    parallelMax: () => most,
  };
}

function agendaOf(imported: Imported): XmlElement {
  const details = imported.findings.map(({ state, errno, note, xpath, requested, produced }) => ({
    'rdc:state': state,
    'rdc:errno': String(errno),
    'rdc:note': note,
    'rdc:XPath': xpath,
    'rdc:valueRequested': requested,
    'rdc:valueProduced': produced,
  }));
  const made = 'record' in imported ? imported : null;
  return {
    '@version': '2.0',
    '@state': imported.findings.some(({ state }) => state === 'error') ? 'error' : 'ok',
    'rdc:importDetails': details.length === 0 ? undefined : { 'rdc:detail': details },
    'rdc:producedDetails':
      made === null ? undefined : { 'rdc:id': String(made.record.id), 'rdc:number': made.record.number, 'rdc:actionType': made.action },
  };
}

function xml(code: number, root: XmlElement): SimulatedAnswer {
  const isStatus = 'processing' in root;
  const prefixes = ['rsp', 'rdc', 'typ', 'lst', 'lStk', 'lAdb', 'inv', 'ord', 'adb', 'stk', 'lwl'];
  const declared = isStatus
    ? {}
    : Object.fromEntries(prefixes.map((prefix): [string, XmlNode] => [`@xmlns:${prefix}`, namespaceOf(prefix, 'cz')]));
  const namespaces = isStatus
    ? {}
    : {
        ...declared,
        '@xmlns:rsp': 'http://www.stormware.cz/schema/version_2/response.xsd',
        '@xmlns:rdc': 'http://www.stormware.cz/schema/version_2/documentresponse.xsd',
      };
  const written = writeXml(isStatus ? 'mServer' : 'rsp:responsePack', { ...namespaces, ...root }, (text) => ({ ok: true, text }));
  const text = `<?xml version="1.0" encoding="Windows-1250"?>\n${written.ok ? written.xml : ''}`;
  return { status: code, headers: { 'Content-Type': 'text/xml' }, body: iconv.encode(text, 'windows-1250') };
}
