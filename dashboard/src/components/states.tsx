/** What a page shows instead of its data: it is coming, there is none, it could not be had. */
import { Button } from '@fluentui/react-button';
import { MessageBar, MessageBarActions, MessageBarBody, MessageBarTitle } from '@fluentui/react-message-bar';
import { Skeleton, SkeletonItem } from '@fluentui/react-skeleton';
import type { ReactNode } from 'react';
import { ApiError } from '../api/error';
import { t } from '../app/messages';
import { CopyButton } from './copy-button';

export function Loading({ rows = 4 }: { rows?: number }) {
  return (
    <Skeleton aria-label={t('state.loading')} className="stack">
      {Array.from({ length: rows }, (_, i) => (
        <SkeletonItem key={i} size={24} />
      ))}
    </Skeleton>
  );
}

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      {children}
    </div>
  );
}

/** An error as the service told it, with the id to ask about, and a way to try again. */
export function Failure({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const known = error instanceof ApiError ? error : undefined;
  const text = error instanceof Error ? error.message : String(error);
  return (
    <MessageBar intent="error" layout="multiline" role="alert">
      <MessageBarBody>
        <MessageBarTitle>{t(!known ? 'state.broken' : known.status === 0 ? 'state.unreachable' : 'state.failed')}</MessageBarTitle>
        <span dir="auto">{text}</span>
        {known && (
          <div>
            {t('state.requestId')} <code>{known.requestId}</code> <CopyButton what={t('state.requestId')} text={known.requestId} />
          </div>
        )}
      </MessageBarBody>
      {onRetry && (
        <MessageBarActions>
          <Button onClick={onRetry}>{t('state.retry')}</Button>
        </MessageBarActions>
      )}
    </MessageBar>
  );
}
