/** Breaks XML into indented lines, as text: nothing is parsed into a document, nothing but space between tags changes. */

const PART = /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<\?[\s\S]*?\?>|<(?:"[^"]*"|'[^']*'|[^'">])*>|[^<]+|</g;
/** Deeper elements keep this indentation. */
const INDENT_MAX = 60;

/** Elements that hold text only stay on one line, so that the text keeps its space. */
export function prettyXml(text: string): string {
  const parts = (text.match(PART) ?? []).filter((part) => part.trim() !== '');
  const lines: string[] = [];
  let depth = 0;
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index] ?? '';
    if (part.startsWith('</')) depth = Math.max(0, depth - 1);
    const short = isOpening(part) ? textElement(parts, index) : null;
    if (short !== null) {
      lines.push(indented(short.line, depth));
      index += short.more;
      continue;
    }
    lines.push(indented(part.startsWith('<') ? part : part.trim(), depth));
    if (isOpening(part)) depth++;
  }
  return lines.join('\n');
}

/** `<a>text</a>` and `<a></a>`. */
function textElement(parts: readonly string[], index: number): { line: string; more: number } | null {
  const [open = '', second = '', third = ''] = parts.slice(index, index + 3);
  if (second.startsWith('</')) return { line: open + second, more: 1 };
  const isText = !second.startsWith('<') || second.startsWith('<![CDATA[');
  return isText && third.startsWith('</') ? { line: open + second + third, more: 2 } : null;
}

function isOpening(part: string): boolean {
  return (
    part.startsWith('<') &&
    !part.startsWith('</') &&
    !part.startsWith('<!') &&
    !part.startsWith('<?') &&
    !part.endsWith('/>') &&
    part.length > 1
  );
}

function indented(line: string, depth: number): string {
  return '  '.repeat(Math.min(depth, INDENT_MAX)) + line;
}
