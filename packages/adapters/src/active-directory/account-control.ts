/** The bits of `userAccountControl` (MS-ADTS 2.2.16). They are changed one by one: the others belong to whoever set them. */
export const ACCOUNT = {
  disabled: 0x2,
  lockedOut: 0x10,
  passwordNotRequired: 0x20,
  normal: 0x200,
  passwordNeverExpires: 0x10000,
} as const;

export function isDisabled(control: number): boolean {
  return (control & ACCOUNT.disabled) !== 0;
}

export function withBits(control: number, bits: number): number {
  return control | bits;
}

export function withoutBits(control: number, bits: number): number {
  return control & ~bits;
}

/** The value as text, or null when it is no number that fits. */
export function readControl(text: string | null): number | null {
  return text !== null && /^-?\d{1,10}$/.test(text) ? Number(text) : null;
}
