/** Something in the documents that is not true (any more). */
export interface Finding {
  /** The document, relative to the root. */
  file: string;
  /** What is wrong with it, and what to do. */
  message: string;
}
