/** Audit records, newest first, with what changed. */
import { Button } from '@fluentui/react-button';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { AuditRecord } from '../../api/types';
import { formatMoment, isMessageKey, t } from '../../app/messages';
import { PageLink } from '../../components/link';
import { Empty, Failure, Loading } from '../../components/states';
import { Table } from '../../components/table';
import type { AuditQuery } from './api';
import { auditKeys, fetchAudit } from './api';

/** A word that is not known is shown as it is: the service may learn others. */
export function operationName(operation: string) {
  const key = `operation.${operation}`;
  return isMessageKey(key) ? t(key) : operation;
}

const pretty = (json: string) => {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
};

function Change({ record }: { record: AuditRecord }) {
  const parts = [
    ['activity.before', record.resourceOldValue],
    ['activity.after', record.resourceNewValue],
  ] as const;
  return (
    <details>
      <summary>{t('activity.details')}</summary>
      {parts.map(
        ([title, value]) =>
          value && (
            <div key={title}>
              <strong>{t(title)}</strong>
              <pre>{pretty(value)}</pre>
            </div>
          ),
      )}
    </details>
  );
}

export function AuditRecords({ query }: { query: AuditQuery }) {
  const records = useInfiniteQuery({
    queryKey: auditKeys.list(query),
    queryFn: ({ pageParam, signal }) => fetchAudit(query, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.continuationToken,
  });
  if (records.isPending) return <Loading />;
  if (!records.data) return <Failure error={records.error} onRetry={() => void records.refetch()} />;
  const items = records.data.pages.flatMap((page) => page.items);
  if (items.length === 0) return <Empty title={t(query.from ? 'activity.none' : 'activity.noneLately')} />;
  return (
    <>
      <Table
        titles={[t('activity.when'), t('activity.kind'), t('activity.customer'), t('activity.actor')]}
        rows={items.map((record) => ({
          key: record.id,
          cells: [
            <time dateTime={record.operationDate}>{formatMoment(record.operationDate)}</time>,
            <>
              {operationName(record.operationType)}
              <Change record={record} />
            </>,
            record.customerId && <PageLink to={`/customers/${record.customerId}`}>{record.customerName ?? record.customerId}</PageLink>,
            record.userPrincipalName ?? record.applicationId,
          ],
        }))}
      />
      {records.isError && <Failure error={records.error} onRetry={() => void records.fetchNextPage()} />}
      {records.isFetchingNextPage && <Loading rows={1} />}
      {records.hasNextPage && !records.isError && (
        <div>
          <Button disabled={records.isFetching} onClick={() => void records.fetchNextPage()}>
            {t('activity.more')}
          </Button>
        </div>
      )}
    </>
  );
}
