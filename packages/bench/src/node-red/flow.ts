/** The same journey as a flow of Node-RED: http in → filter and mapping → http request to the sink, the sender answered 202 at once. Nothing is stored. */

const FUNCTION = `
if (!(msg.payload.total > 0)) return [msg, null];
const { id, total, customer, sentAt } = msg.payload;
const out = { payload: { number: id, total, customer, sentAt }, headers: { 'content-type': 'application/json', 'idempotency-key': msg._msgid } };
msg.payload = { messageId: msg._msgid };
return [msg, out];`;

export function nodeRedFlow(sinkPort: number): object[] {
  const at = { z: 'bench', x: 0, y: 0 };
  return [
    { id: 'bench', type: 'tab', label: 'bench' },
    { id: 'in', type: 'http in', ...at, url: '/hooks/shop', method: 'post', upload: false, wires: [['map']] },
    { id: 'map', type: 'function', ...at, func: FUNCTION, outputs: 2, libs: [], wires: [['accepted'], ['send']] },
    { id: 'accepted', type: 'http response', ...at, statusCode: '202', headers: {}, wires: [] },
    {
      ...{ id: 'send', type: 'http request', ...at, method: 'POST', url: `http://127.0.0.1:${sinkPort}/invoices` },
      ...{
        ret: 'txt',
        paytoqs: 'ignore',
        persist: true,
        insecureHTTPParser: false,
        authType: '',
        senderr: false,
        headers: [],
        wires: [[]],
      },
    },
  ];
}

export const NODE_RED_SETTINGS = `module.exports = {
  uiHost: '127.0.0.1', httpAdminRoot: false, flowFile: 'flows.json', credentialSecret: false,
  logging: { console: { level: 'fatal', metrics: false, audit: false } },
  telemetry: { enabled: false, updateNotification: false }, externalModules: { autoInstall: false }, diagnostics: { enabled: false },
};`;
