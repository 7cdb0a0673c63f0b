import { useQuery } from '@tanstack/react-query';
import { countryName, t } from '../../app/messages';
import { PageLink } from '../../components/link';
import { Empty, Failure, Loading } from '../../components/states';
import { Table } from '../../components/table';
import { fetchResellers, resellerKeys } from './api';

export default function ResellersPage() {
  const resellers = useQuery({ queryKey: resellerKeys.list, queryFn: ({ signal }) => fetchResellers(signal) });
  return (
    <>
      <h1>{t('resellers.title')}</h1>
      {resellers.isPending && <Loading />}
      {resellers.isError && <Failure error={resellers.error} onRetry={() => void resellers.refetch()} />}
      {resellers.data?.length === 0 && (
        <Empty title={t('resellers.none')}>
          <p>{t('resellers.noneHint')}</p>
          <code>clienteled partner link --provider P --reseller R</code>
        </Empty>
      )}
      {resellers.data && resellers.data.length > 0 && (
        <Table
          titles={[t('resellers.name'), t('resellers.mpn'), t('resellers.country'), t('resellers.state'), t('customers.title')]}
          rows={resellers.data.map(({ id, name, mpnId, location, state }) => ({
            key: id,
            cells: [
              name,
              mpnId,
              location && countryName(location),
              state,
              <PageLink to={`/customers?reseller=${id}`}>{t('resellers.customers')}</PageLink>,
            ],
          }))}
        />
      )}
    </>
  );
}
