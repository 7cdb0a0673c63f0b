import { Link } from '@fluentui/react-link';
import type { MouseEvent, ReactNode } from 'react';
import { navigate } from '../app/router';

/** Follow a link within the page, unless the user wants it in another window. */
export function follow(event: MouseEvent, to: string) {
  if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  navigate(to);
}

export function PageLink({ to, children }: { to: string; children: ReactNode }) {
  return (
    <Link href={to} onClick={(event: MouseEvent) => follow(event, to)}>
      {children}
    </Link>
  );
}
