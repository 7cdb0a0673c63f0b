import type { FormEvent } from 'react';
import { useRef, useState } from 'react';
import { ApiError } from '../api/error';

/**
 * A change under way. Its request id is the same for a repetition after a lost answer, so that the change is made once, and
 * another after an answer (api.md 2.3).
 */
export function useSubmit() {
  const requestId = useRef(crypto.randomUUID());
  const [error, setError] = useState<unknown>();
  const [isRunning, setRunning] = useState(false);
  const submit = async (event: FormEvent, run: (requestId: string) => Promise<void>) => {
    event.preventDefault();
    setRunning(true);
    setError(undefined);
    try {
      await run(requestId.current);
    } catch (failure) {
      setError(failure);
      if (failure instanceof ApiError && failure.status > 0) requestId.current = crypto.randomUUID();
    } finally {
      setRunning(false);
    }
  };
  return { error, isRunning, submit };
}
