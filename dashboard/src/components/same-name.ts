/** How a name reads: composed letters, one blank where there are blanks, nothing that cannot be seen. */
const asRead = (name: string) => name.normalize('NFC').replace(/\p{Cf}/gu, '').replace(/\s+/g, ' ').trim();

/** What was typed reads as the name does. */
export const isSameName = (typed: string, name: string) => asRead(typed) === asRead(name);
