import { useQuery } from '@tanstack/react-query';
import { countryName, t } from '../../app/messages';
import { PageLink } from '../../components/link';
import { Empty, Failure, Loading } from '../../components/states';
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
        <div className="scroll">
          <table>
            <thead>
              <tr>
                <th scope="col">{t('resellers.name')}</th>
                <th scope="col">{t('resellers.mpn')}</th>
                <th scope="col">{t('resellers.country')}</th>
                <th scope="col">{t('resellers.state')}</th>
                <th scope="col">{t('customers.title')}</th>
              </tr>
            </thead>
            <tbody>
              {resellers.data.map((reseller) => (
                <tr key={reseller.id}>
                  <td dir="auto">{reseller.name}</td>
                  <td>{reseller.mpnId}</td>
                  <td>{reseller.location && countryName(reseller.location)}</td>
                  <td>{reseller.state}</td>
                  <td>
                    <PageLink to={`/customers?reseller=${reseller.id}`}>{t('resellers.customers')}</PageLink>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}
