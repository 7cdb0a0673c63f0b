/** What is asked or told in front of a page. The focus goes back to where it was. */
import { Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle } from '@fluentui/react-dialog';
import type { FormEvent, ReactNode } from 'react';
import { useEffect, useRef } from 'react';
import { askToLeave, useUnsaved } from './unsaved';

interface Props {
  readonly title: string;
  readonly actions: ReactNode;
  readonly children: ReactNode;
  /** A click beside it does not close it: something was typed, or is told only once. */
  readonly isKept?: boolean;
  /** By Escape, or a click beside it; without, its own buttons alone close it. */
  readonly onClose?: () => void;
  /** Something was typed that would be lost: Escape asks before it closes. */
  readonly isUnsaved?: boolean;
  readonly onSubmit?: (event: FormEvent) => void;
}

/** Where the user was before; if that is gone, the page itself. */
function useFocusBefore() {
  const before = useRef(document.activeElement);
  useEffect(
    () => () => {
      setTimeout(() => {
        if (document.activeElement !== document.body) return;
        const element = before.current;
        (element instanceof HTMLElement && element.isConnected ? element : document.getElementById('main'))?.focus();
      });
    },
    [],
  );
}

export function Modal({ title, actions, children, isKept = false, isUnsaved = false, onClose, onSubmit }: Props) {
  useFocusBefore();
  useUnsaved(isUnsaved);
  const close = () => {
    if (!isUnsaved || askToLeave()) onClose?.();
  };
  const body = (
    <DialogBody>
      <DialogTitle>{title}</DialogTitle>
      <DialogContent className="stack">{children}</DialogContent>
      <DialogActions>{actions}</DialogActions>
    </DialogBody>
  );
  return (
    <Dialog open modalType={isKept ? 'alert' : 'modal'} onOpenChange={(_, { open }) => !open && close()}>
      <DialogSurface className={isKept ? 'broad' : undefined}>
        {onSubmit ? (
          <form noValidate onSubmit={onSubmit}>
            {body}
          </form>
        ) : (
          body
        )}
      </DialogSurface>
    </Dialog>
  );
}
