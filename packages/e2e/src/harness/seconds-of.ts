/** How long a fault lasts: short in the suite, as long as one likes by environment. */
export function secondsOf(variable: string, fallback: number): number {
  const seconds = Number(process.env[variable]);
  return Number.isFinite(seconds) && seconds > 0 ? seconds : fallback;
}
