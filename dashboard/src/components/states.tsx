/** What a page shows instead of its data: it is coming, there is none, it could not be had. */
import { Button } from '@fluentui/react-button';
import { MessageBar, MessageBarActions, MessageBarBody, MessageBarTitle } from '@fluentui/react-message-bar';
import { Skeleton, SkeletonItem } from '@fluentui/react-skeleton';
import type { ReactNode } from 'react';
import { ApiError } from '../api/error';
import { t } from '../app/messages';
import { CopyButton } from './copy-button';
import { titleOf } from './title-of';

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

/** Something was sent before, and nobody knows what became of it. */
export function Unsure() {
  return (
    <MessageBar intent="warning" layout="multiline">
      <MessageBarBody>{t('form.unsure')}</MessageBarBody>
    </MessageBar>
  );
}

interface FailureProps {
  readonly error: unknown;
  /** What could not be done, where that is not plain. */
  readonly title?: string;
  /** What it says stands beside the fields. */
  readonly isToldBeside?: boolean;
  readonly onRetry?: () => void;
}

/** An error as the service told it, with the id to ask about, and a way to try again. */
export function Failure({ error, title, isToldBeside = false, onRetry }: FailureProps) {
  const known = error instanceof ApiError ? error : undefined;
  const text = error instanceof Error ? error.message : String(error);
  return (
    <MessageBar intent="error" layout="multiline" role="alert">
      <MessageBarBody>
        <MessageBarTitle>{title ?? t(titleOf(error))}</MessageBarTitle>
        {title && <span>{t(titleOf(error))}: </span>}
        <span dir="auto">{isToldBeside ? t('form.beside') : text}</span>
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
