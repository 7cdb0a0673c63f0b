import { Button } from '@fluentui/react-button';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Application } from '../../api/types';
import { t } from '../../app/messages';
import { Confirm } from '../../components/confirm';
import { CopyButton } from '../../components/copy-button';
import type { Told } from '../../components/once';
import { Once } from '../../components/once';
import { Empty, Failure, Loading } from '../../components/states';
import { auditKeys } from '../activity/api';
import { addSecret, createApplication, deleteApplication, deleteSecret, fetchApplications, SECRETS_MAX, settingsKeys, updateApplication } from './api';
import type { ApplicationValues } from './application-form';
import { ApplicationForm } from './application-form';

/** What stands in front of the list. */
type Asked =
  | { readonly what: 'register' }
  | { readonly what: 'edit' | 'remove' | 'addSecret'; readonly application: Application }
  | { readonly what: 'removeSecret'; readonly application: Application; readonly secret: string }
  | { readonly what: 'told'; readonly title: string; readonly hint: string; readonly told: readonly Told[] };

const nameOf = (application: Application) => application.name || application.id;

function Secrets({ application, onAsk }: { application: Application; onAsk: (asked: Asked) => void }) {
  return (
    <>
      <dt>{t('application.secrets')}</dt>
      <dd>
        {application.secrets.map(({ id }) => (
          <div key={id}>
            <code>{id}</code>{' '}
            <Button
              size="small"
              appearance="subtle"
              aria-label={t('application.removeSecretOf', { secret: id })}
              onClick={() => onAsk({ what: 'removeSecret', application, secret: id })}
            >
              {t('settings.remove')}
            </Button>
          </div>
        ))}
        {application.secrets.length < SECRETS_MAX && (
          <Button size="small" onClick={() => onAsk({ what: 'addSecret', application })}>
            {t('application.addSecret')}
          </Button>
        )}
      </dd>
    </>
  );
}

function Entry({ application, onAsk }: { application: Application; onAsk: (asked: Asked) => void }) {
  return (
    <li className="card" aria-label={nameOf(application)}>
      <h2 dir="auto">{nameOf(application)}</h2>
      {application.demo && !application.public && <p className="hint">{t('application.demo')}</p>}
      <dl>
        <dt>{t('application.id')}</dt>
        <dd>
          {application.id} <CopyButton what={t('application.id')} text={application.id} />
        </dd>
        <dt>{t('application.kind')}</dt>
        <dd>{t(application.public ? 'application.public' : 'application.confidential')}</dd>
        <dt>{t('application.redirectUris')}</dt>
        <dd>{application.redirectUris.length === 0 ? t('settings.none') : application.redirectUris.map((uri) => <div key={uri}>{uri}</div>)}</dd>
        {!application.public && <Secrets application={application} onAsk={onAsk} />}
      </dl>
      <div className="actions">
        <Button onClick={() => onAsk({ what: 'edit', application })}>{t('edit')}</Button>
        <Button onClick={() => onAsk({ what: 'remove', application })}>{t('application.remove')}</Button>
      </div>
    </li>
  );
}

export function Applications() {
  const queries = useQueryClient();
  const applications = useQuery({ queryKey: settingsKeys.applications, queryFn: ({ signal }) => fetchApplications(signal) });
  const [asked, setAsked] = useState<Asked>();
  const close = () => setAsked(undefined);
  const done = (next?: Asked) => {
    setAsked(next);
    void queries.invalidateQueries({ queryKey: settingsKeys.applications });
    void queries.invalidateQueries({ queryKey: auditKeys.all });
  };

  const register = async ({ name, id, isPublic, redirectUris }: ApplicationValues, requestId: string) => {
    const made = await createApplication({ name, ...(id && { id }), public: isPublic, redirectUris: [...redirectUris] }, requestId);
    const told = [{ title: t('application.id'), text: made.id }];
    if (made.secret) told.push({ title: t('application.secret'), text: made.secret });
    done({ what: 'told', title: t('application.registered'), hint: t(made.secret ? 'application.once' : 'application.withoutSecret'), told });
  };

  const dialog = () => {
    if (!asked) return null;
    switch (asked.what) {
      case 'told':
        return <Once {...asked} onClose={close} />;
      case 'register':
        return <ApplicationForm title={t('application.register')} onSave={register} onClose={close} />;
      case 'edit': {
        const { application } = asked;
        const save = async ({ name, redirectUris }: ApplicationValues, requestId: string) => {
          await updateApplication(application.id, { name, redirectUris: [...redirectUris] }, requestId);
          done();
        };
        return <ApplicationForm title={t('application.edit')} application={application} onSave={save} onClose={close} />;
      }
      case 'remove': {
        const { application } = asked;
        const remove = async (requestId: string) => {
          await deleteApplication(application.id, requestId);
          done();
        };
        return (
          <Confirm
            title={t('application.remove')}
            hint={t('application.removeHint')}
            name={nameOf(application)}
            typeHint={t('settings.type')}
            onConfirm={remove}
            onClose={close}
          />
        );
      }
      case 'addSecret': {
        const { application } = asked;
        const add = async (requestId: string) => {
          const { id, secret } = await addSecret(application.id, requestId);
          const told = [{ title: t('application.secretId'), text: id }, { title: t('application.secret'), text: secret }];
          done({ what: 'told', title: t('application.secretAdded'), hint: t('application.once'), told });
        };
        return (
          <Confirm
            title={t('application.addSecret')}
            hint={t('application.addSecretHint')}
            name={nameOf(application)}
            onConfirm={add}
            onClose={close}
          />
        );
      }
      case 'removeSecret': {
        const { application, secret } = asked;
        const remove = async (requestId: string) => {
          await deleteSecret(application.id, secret, requestId);
          done();
        };
        return (
          <Confirm
            title={t('application.removeSecret')}
            hint={t('application.removeSecretHint', { secret })}
            name={nameOf(application)}
            onConfirm={remove}
            onClose={close}
          />
        );
      }
    }
  };

  return (
    <>
      <div>
        <Button appearance="primary" onClick={() => setAsked({ what: 'register' })}>
          {t('application.register')}
        </Button>
      </div>
      {applications.isPending && <Loading />}
      {applications.isError && <Failure error={applications.error} onRetry={() => void applications.refetch()} />}
      {applications.data?.length === 0 && <Empty title={t('application.none')}>{t('application.noneHint')}</Empty>}
      <ul className="entries">
        {applications.data?.map((application) => <Entry key={application.id} application={application} onAsk={setAsked} />)}
      </ul>
      {dialog()}
    </>
  );
}
