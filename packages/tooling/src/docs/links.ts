/** Links and paths named in documents, and whether what they name is there. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import type { Finding } from './finding.ts';

const ROOT_DOCUMENTS = ['README.md', 'ARCHITECTURE.md', 'CHANGELOG.md'];
const SKIPPED = new Set(['node_modules', 'generated']);
const LINK = /\[[^\]]*\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g;
const CODE = /`([^`\n]+)`/g;
/** A path of this repository, as opposed to a URL path, a command or a name with a slash in it. */
const REPOSITORY_PATH =
  /^(?:\.\/)?(?:apps|packages|prisma|docs|examples|\.ci)(?:\/[\w.@{},*-]+)*\/?$|^[\w.-]+\.(?:md|json|yaml|yml|ts|prisma)$/;

/** README, ARCHITECTURE, everything in docs/ and the README of every package and kind. */
function documentsOf(root: string): string[] {
  const readmes = ['apps', 'packages', 'examples'].flatMap((dir) => markdownIn(root, dir)).filter((path) => path.endsWith('/README.md'));
  return [...ROOT_DOCUMENTS.filter((name) => existsSync(join(root, name))), ...markdownIn(root, 'docs'), ...readmes];
}

export function checkLinks(root: string): Finding[] {
  return documentsOf(root).flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    return brokenIn(
      text,
      (path, from) => exists(root, file, path, from),
      (path) => anchorsOf(root, file, path),
    ).map((message) => ({
      file,
      message,
    }));
  });
}

/**
 * What is broken in one document.
 * @param there whether a path exists, seen from the document (a link) or from document, package or root (named in backticks)
 * @param anchors of the linked document, or of this one when the path is empty
 */
export function brokenIn(
  text: string,
  there: (path: string, from: 'link' | 'name') => boolean,
  anchors: (path: string) => ReadonlySet<string>,
): string[] {
  const prose = text.replaceAll(/^(```|~~~)[\s\S]*?^\1/gm, '');
  const broken: string[] = [];
  for (const [, target = ''] of prose.matchAll(LINK)) {
    if (/^[a-z][a-z0-9+.-]*:/i.test(target)) continue;
    const [path = '', anchor] = decodeURI(target).split('#');
    if (path !== '' && !there(path, 'link')) broken.push(`links to ${path}, which does not exist`);
    else if (anchor !== undefined && anchor !== '' && /(^|\.md)$/.test(path) && !anchors(path).has(anchor))
      broken.push(`links to ${target}, and there is no such heading`);
  }
  for (const [, name = ''] of prose.matchAll(CODE)) {
    if (REPOSITORY_PATH.test(name) && !there(name, 'name')) broken.push(`names ${name}, which does not exist`);
  }
  return broken;
}

/** Heading anchors as GitHub makes them. */
export function anchorsIn(markdown: string): Set<string> {
  const headings = [...markdown.matchAll(/^#{1,6}\s+(.+)$/gm)].map(([, text = '']) => text);
  return new Set(
    headings.map((text) =>
      text
        .trim()
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(/\s/g, '-'),
    ),
  );
}

function anchorsOf(root: string, document: string, path: string): Set<string> {
  const file = path === '' ? document : join(dirname(document), path);
  return anchorsIn(readFileSync(join(root, file), 'utf8'));
}

function exists(root: string, document: string, path: string, from: 'link' | 'name'): boolean {
  const here = dirname(document);
  if (from === 'name' && !path.includes('/') && scopesOf(document).some((dir) => namesIn(root, dir).has(path))) return true;
  const places = from === 'link' ? [here] : [here, join(here, 'src'), '.', packageOf(document), join(packageOf(document), 'src')];
  return places.some((place) => matches(root, normalize(join(place, path))));
}

/** Whether a path with `*` or `{a,b}` in it names at least one file per alternative. */
function matches(root: string, path: string): boolean {
  if (path.startsWith('..')) return false;
  const alternatives = /\{([^}]*)\}/.exec(path);
  if (alternatives !== null) return (alternatives[1] ?? '').split(',').every((one) => matches(root, path.replace(alternatives[0], one)));
  if (!path.includes('*')) return existsSync(join(root, path)) || GENERATED_AT_RUN_TIME.has(path);
  const [before = ''] = path.split('*');
  const dir = before.endsWith('/') ? before : dirname(before);
  return existsSync(join(root, dir)) && statSync(join(root, dir)).isDirectory();
}

/** Where a file may be that is called by its name alone: in the package of a README, anywhere for the documents about all of it. */
function scopesOf(document: string): string[] {
  return /^(apps|packages|examples)\//.test(document) ? [packageOf(document)] : ['apps', 'packages'];
}

/** Base names of all files below a folder. */
function namesIn(root: string, dir: string): ReadonlySet<string> {
  const files = readdirSync(join(root, dir), { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : [...namesIn(root, `${dir}/${entry.name}`)];
    return [entry.name];
  });
  return new Set([...files, ...GENERATED_AT_RUN_TIME]);
}

/** Names of files that are the user's or made while running. */
const GENERATED_AT_RUN_TIME = new Set(['nave.yaml', 'compose.override.yaml', 'openapi.json']);

function packageOf(document: string): string {
  return dirname(document).split('/').slice(0, 2).join('/');
}

function markdownIn(root: string, dir: string): string[] {
  if (!existsSync(join(root, dir))) return [];
  return readdirSync(join(root, dir), { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : markdownIn(root, `${dir}/${entry.name}`);
    return entry.name.endsWith('.md') ? [`${dir}/${entry.name}`] : [];
  });
}
