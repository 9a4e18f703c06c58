/** The page at `/` until the dashboard is there: how things are, and where to go on. */
import type { ReadinessCheck } from './index.ts';

const STYLE = `
:root { color-scheme: light dark; --page: #f7f7f8; --panel: #fff; --text: #1c1d22; --soft: #5c606b; --line: #dfe1e6; --accent: #4f46e5; --good: #137a4b; --bad: #c02434; }
@media (prefers-color-scheme: dark) { :root { --page: #141519; --panel: #1c1e24; --text: #e8e9ed; --soft: #a0a4b0; --line: #33363f; --accent: #9d97ff; --good: #4cc38a; --bad: #ff7b86; } }
body { margin: 0; background: var(--page); color: var(--text); font: 13px/1.45 system-ui, sans-serif; }
main { max-width: 640px; margin: 48px auto; padding: 0 16px; }
h1 { font-size: 24px; margin: 0 0 4px; } p { margin: 0 0 16px; color: var(--soft); }
section { background: var(--panel); border: 1px solid var(--line); border-radius: 6px; padding: 12px 16px; margin: 0 0 16px; }
h2 { font-size: 15px; margin: 0 0 8px; } dl { display: grid; grid-template-columns: 120px 1fr; gap: 4px 12px; margin: 0; } dt { color: var(--soft); } dd { margin: 0; }
.good { color: var(--good); } .bad { color: var(--bad); } a { color: var(--accent); } code, pre { font-family: ui-monospace, monospace; font-size: 12px; } pre { overflow-x: auto; margin: 0; }
`;

export function statusPage(checks: readonly ReadinessCheck[], publicUrl: string): string {
  const ok = checks.every((check) => check.ok);
  const rows = checks
    .map(
      ({ name, ok: good, detail }) =>
        `<dt>${escaped(name)}</dt><dd class="${good ? 'good' : 'bad'}">${good ? '✓' : '✕'} ${escaped(detail)}</dd>`,
    )
    .join('');
  const example = `curl ${publicUrl}/api/v1/queues -H "Authorization: Bearer $NAVE_KEY"`;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Nave</title><style>${STYLE}</style></head>
<body><main><h1>Nave</h1><p>${ok ? 'The hub is ready.' : 'The hub is not ready: see below what it waits for.'}</p>
<section><h2>State</h2><dl>${rows}</dl></section>
<section><h2>Go on</h2><dl><dt>API</dt><dd><a href="/docs">/docs</a> · <a href="/openapi.json">/openapi.json</a></dd><dt>Metrics</dt><dd><a href="/metrics">/metrics</a></dd></dl></section>
<section><h2>Look at the queues</h2><pre>${escaped(example)}</pre></section></main></body></html>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
