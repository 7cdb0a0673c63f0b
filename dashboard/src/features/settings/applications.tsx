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
  | { readonly what: 'edit'; readonly application: Application }
  | { readonly what: 'remove' | 'addSecret'; readonly application: Application }
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

interface Asking<T extends Asked> {
  readonly asked: T;
  /** The change was made; what is to be told of it. */
  readonly onDone: (next?: Asked) => void;
  readonly onClose: () => void;
}

type Change = Extract<Asked, { what: 'remove' | 'addSecret' | 'removeSecret' }>;

/** The texts of a change that is to be agreed to, and how it is made. */
function changeOf(asked: Change) {
  const { id } = asked.application;
  switch (asked.what) {
    case 'remove':
      return {
        title: t('application.remove'),
        hint: t('application.removeHint'),
        typeHint: t('settings.type'),
        run: (requestId: string) => deleteApplication(id, requestId),
      };
    case 'removeSecret':
      return {
        title: t('application.removeSecret'),
        hint: t('application.removeSecretHint', { secret: asked.secret }),
        run: (requestId: string) => deleteSecret(id, asked.secret, requestId),
      };
    case 'addSecret':
      return {
        title: t('application.addSecret'),
        hint: t('application.addSecretHint'),
        run: async (requestId: string): Promise<Asked> => {
          const made = await addSecret(id, requestId);
          const told = [{ title: t('application.secretId'), text: made.id }, { title: t('application.secret'), text: made.secret }];
          return { what: 'told', title: t('application.secretAdded'), hint: t('application.once'), told };
        },
      };
  }
}

function ConfirmChange({ asked, onDone, onClose }: Asking<Change>) {
  const { run, ...texts } = changeOf(asked);
  return <Confirm {...texts} name={nameOf(asked.application)} onConfirm={async (requestId) => onDone(await run(requestId))} onClose={onClose} />;
}

async function register({ name, id, isPublic, redirectUris }: ApplicationValues, requestId: string): Promise<Asked> {
  const made = await createApplication({ name, ...(id && { id }), public: isPublic, redirectUris: [...redirectUris] }, requestId);
  const told = [{ title: t('application.id'), text: made.id }];
  if (made.secret) told.push({ title: t('application.secret'), text: made.secret });
  return { what: 'told', title: t('application.registered'), hint: t(made.secret ? 'application.once' : 'application.withoutSecret'), told };
}

function ApplicationDialog({ asked, onDone, onClose }: Asking<Asked>) {
  switch (asked.what) {
    case 'told':
      return <Once {...asked} onClose={onClose} />;
    case 'register': {
      const save = async (values: ApplicationValues, requestId: string) => onDone(await register(values, requestId));
      return <ApplicationForm title={t('application.register')} onSave={save} onClose={onClose} />;
    }
    case 'edit': {
      const save = async ({ name, redirectUris }: ApplicationValues, requestId: string) => {
        await updateApplication(asked.application.id, { name, redirectUris: [...redirectUris] }, requestId);
        onDone();
      };
      return <ApplicationForm title={t('application.edit')} application={asked.application} onSave={save} onClose={onClose} />;
    }
    default:
      return <ConfirmChange asked={asked} onDone={onDone} onClose={onClose} />;
  }
}

export function Applications() {
  const queries = useQueryClient();
  const applications = useQuery({ queryKey: settingsKeys.applications, queryFn: ({ signal }) => fetchApplications(signal) });
  const [asked, setAsked] = useState<Asked>();
  const done = (next?: Asked) => {
    setAsked(next);
    void queries.invalidateQueries({ queryKey: settingsKeys.applications });
    void queries.invalidateQueries({ queryKey: auditKeys.all });
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
      {asked && <ApplicationDialog asked={asked} onDone={done} onClose={() => setAsked(undefined)} />}
    </>
  );
}
