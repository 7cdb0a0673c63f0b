import { Button } from '@fluentui/react-button';
import { Input } from '@fluentui/react-input';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { User, UserReset, UserWithSecrets } from '../../api/types';
import { t } from '../../app/messages';
import { Confirm } from '../../components/confirm';
import { Once } from '../../components/once';
import { Empty, Failure, Loading } from '../../components/states';
import { createUser, deleteUser, fetchUsers, resetUser, settingsKeys, updateUser } from './api';
import { QrCode } from './qr-code';
import { matching } from './text';
import type { UserValues } from './user-form';
import { UserForm } from './user-form';

/** So many are shown at first: a partner may have a thousand. */
const SHOWN = 50;

/** What is done to a user once the administrator has agreed; each has its texts in messages/. */
const CHANGES = {
  disable: (user: User, requestId: string) => updateUser(user.id, { disabled: true }, requestId),
  enable: (user: User, requestId: string) => updateUser(user.id, { disabled: false }, requestId),
  remove: (user: User, requestId: string) => deleteUser(user.id, requestId),
} as const;
const RESETS: Readonly<Record<'password' | 'secondFactor' | 'noSecondFactor', UserReset>> = {
  password: { password: true },
  secondFactor: { secondFactor: true },
  noSecondFactor: { secondFactor: false },
};

type Asked =
  | { readonly what: 'add' }
  | { readonly what: 'edit' | keyof typeof CHANGES | keyof typeof RESETS; readonly user: User }
  | { readonly what: 'told'; readonly title: string; readonly user: UserWithSecrets };

function Told({ title, user, onClose }: { title: string; user: UserWithSecrets; onClose: () => void }) {
  const told = [{ title: t('user.name'), text: user.name }];
  if (user.password) told.push({ title: t('user.password'), text: user.password });
  if (user.secondFactorUri) told.push({ title: t('user.secondFactorUri'), text: user.secondFactorUri });
  return (
    <Once title={title} hint={t('user.once')} told={told} onClose={onClose}>
      {user.secondFactorUri && (
        <figure className="figure-qr">
          <QrCode title={t('user.qrCode')} text={user.secondFactorUri} />
          <figcaption className="hint">{t('user.qrHint')}</figcaption>
        </figure>
      )}
    </Once>
  );
}

function Entry({ user, onAsk }: { user: User; onAsk: (asked: Asked) => void }) {
  return (
    <li className="card" aria-label={user.name}>
      <h2>{user.name}</h2>
      {user.displayName && <p dir="auto">{user.displayName}</p>}
      {user.demo && <p className="hint">{t('user.demo')}</p>}
      <dl>
        <dt>{t('user.roles')}</dt>
        <dd>{user.roles.map((role) => t(`role.${role}`)).join(', ')}</dd>
        <dt>{t('user.secondFactor')}</dt>
        <dd>{t(user.secondFactor ? 'yes' : 'no')}</dd>
        <dt>{t('user.state')}</dt>
        <dd>{t(user.disabled ? 'user.disabled' : 'user.enabled')}</dd>
      </dl>
      <div className="actions">
        <Button onClick={() => onAsk({ what: 'edit', user })}>{t('edit')}</Button>
        <Button onClick={() => onAsk({ what: 'password', user })}>{t('user.ask.password')}</Button>
        <Button onClick={() => onAsk({ what: 'secondFactor', user })}>{t('user.ask.secondFactor')}</Button>
        {user.secondFactor && <Button onClick={() => onAsk({ what: 'noSecondFactor', user })}>{t('user.ask.noSecondFactor')}</Button>}
        <Button onClick={() => onAsk({ what: user.disabled ? 'enable' : 'disable', user })}>
          {t(user.disabled ? 'user.ask.enable' : 'user.ask.disable')}
        </Button>
        <Button onClick={() => onAsk({ what: 'remove', user })}>{t('user.ask.remove')}</Button>
      </div>
    </li>
  );
}

function Entries({ users, onAsk }: { users: readonly User[]; onAsk: (asked: Asked) => void }) {
  const [text, setText] = useState('');
  const [shown, setShown] = useState(SHOWN);
  const found = matching(users, text);
  return (
    <>
      {users.length > SHOWN && (
        <Input type="search" aria-label={t('user.search')} placeholder={t('user.search')} value={text} onChange={(_, { value }) => setText(value)} />
      )}
      {found.length === 0 && <Empty title={t('user.none')} />}
      <ul className="entries">
        {found.slice(0, shown).map((user) => (
          <Entry key={user.id} user={user} onAsk={onAsk} />
        ))}
      </ul>
      {found.length > shown && (
        <div>
          <Button onClick={() => setShown(shown + SHOWN)}>{t('activity.more')}</Button>
        </div>
      )}
    </>
  );
}

export function Users() {
  const queries = useQueryClient();
  const users = useQuery({ queryKey: settingsKeys.users, queryFn: ({ signal }) => fetchUsers(signal) });
  const [asked, setAsked] = useState<Asked>();
  const close = () => setAsked(undefined);
  const done = (next?: Asked) => {
    setAsked(next);
    void queries.invalidateQueries({ queryKey: settingsKeys.users });
  };
  const domain = users.data?.[0]?.name.split('@')[1];

  const dialog = () => {
    if (!asked) return null;
    switch (asked.what) {
      case 'told':
        return <Told title={asked.title} user={asked.user} onClose={close} />;
      case 'add': {
        const add = async (values: UserValues, requestId: string) =>
          done({ what: 'told', title: t('user.added'), user: await createUser({ ...values, disabled: false }, requestId) });
        return <UserForm title={t('user.add')} domain={domain} onSave={add} onClose={close} />;
      }
      case 'edit': {
        const { user } = asked;
        const save = async ({ displayName, roles }: UserValues, requestId: string) => {
          await updateUser(user.id, { displayName, roles }, requestId);
          done();
        };
        return <UserForm title={t('user.edit', { name: user.name })} domain={domain} user={user} onSave={save} onClose={close} />;
      }
      default: {
        const { what, user } = asked;
        const title = t(`user.ask.${what}`);
        const run = async (requestId: string) => {
          if (what in CHANGES) await CHANGES[what as keyof typeof CHANGES](user, requestId);
          else {
            const reset = await resetUser(user.id, RESETS[what as keyof typeof RESETS], requestId);
            if (reset.password || reset.secondFactorUri) return done({ what: 'told', title, user: reset });
          }
          done();
        };
        return (
          <Confirm
            title={title}
            hint={t(`user.hint.${what}`)}
            name={user.name}
            {...(what === 'remove' && { typeHint: t('settings.type') })}
            onConfirm={run}
            onClose={close}
          />
        );
      }
    }
  };

  return (
    <>
      <div>
        <Button appearance="primary" onClick={() => setAsked({ what: 'add' })}>
          {t('user.add')}
        </Button>
      </div>
      {users.isPending && <Loading />}
      {users.isError && <Failure error={users.error} onRetry={() => void users.refetch()} />}
      {users.data && <Entries users={users.data} onAsk={setAsked} />}
      {dialog()}
    </>
  );
}
