/**
 * The request ids of one form (api.md 2.3). A repetition after a lost answer has the id of the first try, so that the change is
 * made once; another content, or a try after an answer, has another.
 */
export function newRequestIds() {
  let last: { readonly id: string; readonly content: string } | undefined;
  let isOther = false;
  return {
    /** For what is about to be sent. */
    next(content: unknown) {
      const text = JSON.stringify(content) ?? '';
      if (last?.content === text) return last.id;
      isOther ||= last !== undefined;
      last = { id: crypto.randomUUID(), content: text };
      return last.id;
    },
    /** The service has told what became of the last one. */
    answered() {
      last = undefined;
    },
    /** Something was sent of which nobody knows whether it was made. */
    isUnsure: () => isOther || last !== undefined,
  };
}
