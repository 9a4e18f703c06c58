/** JSON Pointers (RFC 6901): how fields of a form and problems of the server find each other. */
export function joinPointer(base: string, step: string | number): string {
  return `${base}/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

export function isInside(path: string, base: string): boolean {
  return path === base || path.startsWith(`${base}/`);
}

/** The step after `base` on the way to `path`; null when it is not below. */
export function stepBelow(path: string, base: string): string | null {
  if (!path.startsWith(`${base}/`)) return null;
  const [step = ''] = path.slice(base.length + 1).split('/');
  return step.replaceAll('~1', '/').replaceAll('~0', '~');
}
