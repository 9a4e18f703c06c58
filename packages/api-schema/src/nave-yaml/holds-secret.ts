/** Guesses from its place whether a value of a `nave.yaml` is a secret. A guess: only kinds know for sure, and they are not at hand here. */

const SECRET_PLACE = /^\/spokes\/[^/]+\/(credentials|inbound\/verify)\//;
/** Last part of a field's name; `value` is what api-key credentials call it. */
const SECRET_NAME = /(secret|secrets|token|password|passphrase|apikey|api_key|api-key|privatekey|private_key|signingkey|value|^key)$/i;

/** @param path JSON Pointer into the file */
export function holdsSecret(path: string): boolean {
  if (!SECRET_PLACE.test(path)) return false;
  // Items of a list are named by the list: `secrets/0`.
  const name = path
    .split('/')
    .filter((part) => !/^\d+$/.test(part))
    .at(-1);
  return name !== undefined && SECRET_NAME.test(name);
}
