import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { call } from '../../api/client';
import type { Organization } from '../../api/types';
import { formatMoment, formatNumber, t } from '../../app/messages';
import { PageLink } from '../../components/link';
import { Failure, Loading } from '../../components/states';
import type { AuditQuery } from '../activity/api';
import { auditKeys, fetchAudit } from '../activity/api';
import { operationName } from '../activity/records';
import { customerKeys, fetchCount } from '../customers/api';

const SHOWN = 5;
const HEALTH_MS = 30_000;

function Card({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="card" aria-label={title}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

function CustomerManagement() {
  const count = useQuery({ queryKey: customerKeys.count({}), queryFn: ({ signal }) => fetchCount({}, signal) });
  return (
    <Card title={t('home.management')}>
      {count.isPending && <Loading rows={1} />}
      {count.isError && <Failure error={count.error} onRetry={() => void count.refetch()} />}
      {count.isSuccess && (
        <div>
          <div className="figure">{count.data === undefined ? t('customers.many') : formatNumber(count.data)}</div>
          <div className="hint">{t(count.data === 1 ? 'home.customer' : 'home.customers')}</div>
        </div>
      )}
      <PageLink to="/customers">{t('home.view')}</PageLink>
    </Card>
  );
}

/** The latest records of the log, each as a line. */
function Latest({ title, none, query, withKind }: { title: string; none: string; query: AuditQuery; withKind: boolean }) {
  const records = useQuery({ queryKey: [...auditKeys.list(query), 'latest'], queryFn: ({ signal }) => fetchAudit(query, undefined, signal) });
  return (
    <Card title={title}>
      {records.isPending && <Loading rows={3} />}
      {records.isError && <Failure error={records.error} onRetry={() => void records.refetch()} />}
      {records.data?.items.length === 0 && <p className="hint">{none}</p>}
      <ul className="list">
        {records.data?.items.map((record) => (
          <li key={record.id}>
            <span dir="auto">
              {withKind && operationName(record.operationType) + (record.customerId ? ': ' : '')}
              {record.customerId && <PageLink to={`/customers/${record.customerId}`}>{record.customerName ?? record.customerId}</PageLink>}
            </span>
            <time className="hint" dateTime={record.operationDate}>
              {formatMoment(record.operationDate)}
            </time>
          </li>
        ))}
      </ul>
      {withKind && <PageLink to="/activity">{t('home.allActivity')}</PageLink>}
    </Card>
  );
}

function Health() {
  const health = useQuery({
    queryKey: ['health'],
    queryFn: async ({ signal }) => {
      await call('/readyz', { signal });
      return true;
    },
    refetchInterval: HEALTH_MS,
  });
  return (
    <Card title={t('home.health')}>
      {health.isPending && <Loading rows={1} />}
      {health.isError && <Failure error={health.error} onRetry={() => void health.refetch()} />}
      {health.isSuccess && <p>{t('home.healthy')}</p>}
    </Card>
  );
}

export default function HomePage() {
  const organization = useQuery({
    queryKey: ['organization'],
    queryFn: async ({ signal }) => (await call<Organization>('/v1/profiles/organization', { signal })).body,
    staleTime: Infinity,
  });
  return (
    <>
      <h1 dir="auto">{organization.data?.companyName ?? t('home.title')}</h1>
      <div className="cards">
        <CustomerManagement />
        <Latest title={t('home.newest')} none={t('home.newestNone')} query={{ size: SHOWN, field: 'OperationType', value: 'add_customer' }} withKind={false} />
        <Latest title={t('home.activity')} none={t('activity.noneLately')} query={{ size: SHOWN }} withKind />
        <Health />
      </div>
    </>
  );
}
