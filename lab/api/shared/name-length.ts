/** Characters of a name, where the document says no other number. */
export const NAME = 128;
