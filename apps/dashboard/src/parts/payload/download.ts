/** Saves content as a file. It is told to be opaque bytes or plain text, so that no browser ever runs it. */
export function download(content: string | Uint8Array<ArrayBuffer>, name: string): void {
  const type = typeof content === 'string' ? 'text/plain;charset=utf-8' : 'application/octet-stream';
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken it by the next task.
  window.setTimeout(() => URL.revokeObjectURL(url), 1_000);
}
