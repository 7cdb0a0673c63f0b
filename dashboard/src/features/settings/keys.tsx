import { useQuery } from '@tanstack/react-query';
import { formatMoment, t } from '../../app/messages';
import { Failure, Loading } from '../../components/states';
import { fetchKeys, settingsKeys } from './api';

export function Keys() {
  const keys = useQuery({ queryKey: settingsKeys.keys, queryFn: ({ signal }) => fetchKeys(signal) });
  return (
    <>
      <p className="hint">
        {t('settings.keysHint')} <code>clienteled keys rotate</code>
      </p>
      {keys.isPending && <Loading />}
      {keys.isError && <Failure error={keys.error} onRetry={() => void keys.refetch()} />}
      <ul className="entries">
        {keys.data?.map((key) => (
          <li key={key.id} className="card">
            <h2>{t(`key.${key.state}`)}</h2>
            <dl>
              <dt>{t('key.id')}</dt>
              <dd>{key.id}</dd>
              <dt>{t('key.created')}</dt>
              <dd>{formatMoment(key.created)}</dd>
              <dt>{t('key.signsFrom')}</dt>
              <dd>{formatMoment(key.signsFrom)}</dd>
              {key.verifiesUntil && (
                <>
                  <dt>{t('key.verifiesUntil')}</dt>
                  <dd>{formatMoment(key.verifiesUntil)}</dd>
                </>
              )}
            </dl>
          </li>
        ))}
      </ul>
    </>
  );
}
