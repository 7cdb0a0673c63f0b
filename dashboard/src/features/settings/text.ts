/** What was typed. */
import type { User } from '../../api/types';

/** Each on a line of its own, without blanks around; empty lines do not count. */
export const linesOf = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);

/** Those whose name or display name has the text in it. */
export function matching(users: readonly User[], text: string) {
  const wanted = text.trim().toLowerCase();
  return users.filter(({ name, displayName = '' }) => name.toLowerCase().includes(wanted) || displayName.toLowerCase().includes(wanted));
}
