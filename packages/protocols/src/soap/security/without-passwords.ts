/** An envelope as it may be kept: as it came, but for the passwords of WS-Security. */
import { SaxesParser } from 'saxes';
import { WSSE_NS } from '../xml/namespaces.ts';

/** Takes the content of every `wsse:Password` out and leaves each other character where it was. @param text XML that was read before, without a DOCTYPE */
export function withoutPasswords(text: string): string {
  if (!text.includes(WSSE_NS)) return text;
  const parser = new SaxesParser({ xmlns: true });
  const contents: [number, number][] = [];
  let depth = 0;
  let begin: number | null = null;
  let level = 0;
  parser.on('opentag', ({ uri, local }) => {
    depth += 1;
    if (begin !== null || uri !== WSSE_NS || local !== 'Password') return;
    begin = parser.position;
    level = depth;
  });
  parser.on('closetag', ({ isSelfClosing }) => {
    if (begin !== null && depth === level) {
      const end = text.lastIndexOf('</', parser.position - 1);
      if (!isSelfClosing && end >= begin) contents.push([begin, end]);
      begin = null;
    }
    depth -= 1;
  });
  parser.write(text).close();
  let kept = '';
  let from = 0;
  for (const [start, end] of contents) {
    kept += text.slice(from, start);
    from = end;
  }
  return kept + text.slice(from);
}
