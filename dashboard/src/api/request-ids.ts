/**
 * The request ids of one form (api.md 2.3). A repetition after a lost answer has the id of the first try, so that the change is
 * made once; another content, or a try after an answer, has another. A fault of the service that may pass settles nothing.
 */
export function newRequestIds() {
  let last: { readonly id: string; readonly content: string } | undefined;
  let isLost = false;
  let isOther = false;
  return {
    /** For what is about to be sent. */
    next(content: unknown) {
      const text = JSON.stringify(content) ?? '';
      if (last?.content === text) return last.id;
      isOther ||= isLost;
      isLost = false;
      last = { id: crypto.randomUUID(), content: text };
      return last.id;
    },
    /** The service has told what became of the last one. */
    answered() {
      last = undefined;
      isLost = false;
    },
    /** There was no answer to the last one. */
    lost() {
      isLost = true;
    },
    /** Something was sent of which nobody knows whether it was made. */
    isUnsure: () => isOther || isLost,
  };
}
