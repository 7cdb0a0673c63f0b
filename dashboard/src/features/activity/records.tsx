/** Audit records, newest first, with what changed. */
import { Button } from '@fluentui/react-button';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { AuditRecord } from '../../api/types';
import { formatMoment, isMessageKey, t } from '../../app/messages';
import { PageLink } from '../../components/link';
import { Empty, Failure, Loading } from '../../components/states';
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
  if (items.length === 0) return <Empty title={t('activity.none')} />;
  return (
    <>
      <div className="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">{t('activity.when')}</th>
              <th scope="col">{t('activity.kind')}</th>
              <th scope="col">{t('activity.customer')}</th>
              <th scope="col">{t('activity.actor')}</th>
            </tr>
          </thead>
          <tbody>
            {items.map((record) => (
              <tr key={record.id}>
                <td>
                  <time dateTime={record.operationDate}>{formatMoment(record.operationDate)}</time>
                </td>
                <td>
                  {operationName(record.operationType)}
                  <Change record={record} />
                </td>
                <td dir="auto">
                  {record.customerId && <PageLink to={`/customers/${record.customerId}`}>{record.customerName ?? record.customerId}</PageLink>}
                </td>
                <td dir="auto">{record.userPrincipalName ?? record.applicationId}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {records.isError && <Failure error={records.error} onRetry={() => void records.fetchNextPage()} />}
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
