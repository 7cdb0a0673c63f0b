import type { FormEvent } from 'react';
import { useEffect, useRef, useState } from 'react';
import { isAnswered, isPassing } from '../api/error';
import { newRequestIds } from '../api/request-ids';

/** The first field that is wrong, or else what is told of the form: into view, and the focus to it. */
function showWrong(form: HTMLElement) {
  const wrong = form.querySelector<HTMLElement>('[aria-invalid=true]') ?? form.querySelector<HTMLElement>('[role=alert]');
  if (!wrong) return;
  if (wrong.tabIndex < 0) wrong.tabIndex = -1;
  wrong.focus({ preventScroll: true });
  wrong.scrollIntoView({ block: 'center' });
}

/** Gives the request id for what is about to be sent. */
export type RequestIdOf = (content: unknown) => string;

/** A change under way, with its request id (request-ids.ts). What is wrong after it is shown to the user. */
export function useSubmit() {
  const [ids] = useState(newRequestIds);
  const form = useRef<HTMLElement>();
  const [error, setError] = useState<unknown>();
  const [isUnsure, setUnsure] = useState(false);
  const [isRunning, setRunning] = useState(false);
  // In the page by now, as is what the run has told.
  useEffect(() => {
    if (!isRunning && form.current?.isConnected) showWrong(form.current);
  }, [isRunning]);

  const submit = async (event: FormEvent, run: (requestIdOf: RequestIdOf) => Promise<void>) => {
    event.preventDefault();
    form.current = event.currentTarget as HTMLElement;
    setRunning(true);
    setError(undefined);
    let isSent = false;
    try {
      await run((content) => {
        isSent = true;
        return ids.next(content);
      });
      if (isSent) ids.answered();
    } catch (failure) {
      setError(failure);
      if (isSent && !isAnswered(failure)) ids.lost();
      else if (isSent && !isPassing(failure)) ids.answered();
    } finally {
      setUnsure(ids.isUnsure());
      setRunning(false);
    }
  };
  return { error, isRunning, isUnsure, submit };
}
