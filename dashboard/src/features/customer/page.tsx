import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ApiError } from '../../api/error';
import { may, userStore } from '../../api/session';
import { useStore } from '../../api/store';
import type { Customer } from '../../api/types';
import { t } from '../../app/messages';
import { CopyButton } from '../../components/copy-button';
import { PageLink } from '../../components/link';
import { Failure, Loading } from '../../components/states';
import { AuditRecords } from '../activity/records';
import { customerKeys } from '../customers/api';
import { fetchCustomer } from './api';
import { Billing } from './billing';
import { Removal } from './remove';

function Fact({ title, children, copy }: { title: string; children: ReactNode; copy?: string }) {
  return (
    <div className="pair">
      <dt>{title}</dt>
      <dd dir="auto">
        {children} {copy && <CopyButton what={title} text={copy} />}
      </dd>
    </div>
  );
}

function Account({ customer }: { customer: Customer }) {
  const { companyProfile } = customer;
  return (
    <section className="card" aria-label={t('customer.account')}>
      <h2>{t('customer.account')}</h2>
      <dl>
        <Fact title={t('customer.id')} copy={customer.id}>
          {customer.id}
        </Fact>
        <Fact title={t('customer.commerceId')} copy={customer.commerceId}>
          {customer.commerceId}
        </Fact>
        <Fact title={t('customer.domain')} copy={companyProfile.domain}>
          {companyProfile.domain}
        </Fact>
        <Fact title={t('customer.relationship')}>{customer.relationshipToPartner}</Fact>
        <Fact title={t('customer.delegated')}>{t(customer.allowDelegatedAccess ? 'yes' : 'no')}</Fact>
        {customer.associatedPartnerId && (
          <Fact title={t('customer.reseller')} copy={customer.associatedPartnerId}>
            {customer.associatedPartnerId}
          </Fact>
        )}
        {companyProfile.organizationRegistrationNumber && (
          <Fact title={t('customer.registration')}>{companyProfile.organizationRegistrationNumber}</Fact>
        )}
      </dl>
    </section>
  );
}

export default function CustomerPage({ id }: { id: string }) {
  const user = useStore(userStore);
  const customer = useQuery({ queryKey: customerKeys.one(id), queryFn: ({ signal }) => fetchCustomer(id, signal), staleTime: 0 });
  const isGone = customer.error instanceof ApiError && [400, 403, 404].includes(customer.error.status);
  if (customer.isPending) return <Loading rows={6} />;
  // What was known of it before does not stand for what is.
  if (!customer.data || isGone) {
    return (
      <>
        <h1>{t(isGone ? 'customer.notHere' : 'customer.unknown')}</h1>
        <Failure error={customer.error} {...(!isGone && { onRetry: () => void customer.refetch() })} />
        <div>
          <PageLink to="/customers">{t('home.view')}</PageLink>
        </div>
      </>
    );
  }
  return (
    <>
      <div>
        <PageLink to="/customers">{t('customers.title')}</PageLink>
      </div>
      <h1 dir="auto" className="name">{customer.data.companyProfile.companyName}</h1>
      {customer.isError && <Failure error={customer.error} onRetry={() => void customer.refetch()} />}
      <div className="cards">
        <Account customer={customer.data} />
        <Billing customer={customer.data} />
      </div>
      <section className="card" aria-label={t('customer.activity')}>
        <h2>{t('customer.activity')}</h2>
        <AuditRecords query={{ field: 'CustomerId', value: id }} />
      </section>
      {may(user, 'AdminAgents') && <Removal customer={customer.data} />}
    </>
  );
}
