import { useEffect } from 'react';
import { t } from '../app/messages';
import { guardLeaving } from '../app/router';

/** Whether what was typed may be given up: the user is asked. */
export const askToLeave = () => window.confirm(t('form.leave'));

/** While something typed is not saved, the user is asked before the page is left. */
export function useUnsaved(isUnsaved: boolean) {
  useEffect(() => {
    if (!isUnsaved) return undefined;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    const release = guardLeaving(askToLeave);
    return () => {
      window.removeEventListener('beforeunload', warn);
      release();
    };
  }, [isUnsaved]);
}
